from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "nianlun.duties"

    def ready(self) -> None:
        from nianlun.duties import findable, receivers, slots

        slots.register()
        findable.describe_all()
        receivers.connect()
