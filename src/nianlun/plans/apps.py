from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "nianlun.plans"

    def ready(self) -> None:
        from nianlun.plans import slots

        slots.register()
