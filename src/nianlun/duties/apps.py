from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "nianlun.duties"

    def ready(self) -> None:
        from nianlun.duties import receivers, slots

        slots.register()
        receivers.connect()
