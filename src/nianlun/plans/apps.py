from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "nianlun.plans"

    def ready(self) -> None:
        from nianlun.plans import findable, slots

        slots.register()
        findable.describe_all()
