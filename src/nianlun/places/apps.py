from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "nianlun.places"
    verbose_name = "places"

    def ready(self) -> None:
        from nianlun.places import slots
        from nianlun.places.registers.all import register_all
        from nianlun.places.search.described import describe_all

        slots.register()
        register_all()
        describe_all()
