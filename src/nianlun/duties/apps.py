from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "nianlun.duties"

    def ready(self) -> None:
        from nianlun.duties import slots

        slots.register()
