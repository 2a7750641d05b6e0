from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "nianlun.places"
    verbose_name = "places"

    def ready(self) -> None:
        from nianlun.places import slots

        slots.register()
