from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "nianlun.places"
    verbose_name = "places"

    def ready(self) -> None:
        from nianlun.places import receivers, slots
        from nianlun.places.passwords import password_policy
        from nianlun.places.registers.all import register_all
        from nianlun.places.search.described import describe_all

        slots.register()
        receivers.connect()
        password_policy()  # one that is not known stops the start
        register_all()
        describe_all()
