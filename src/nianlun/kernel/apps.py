from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "nianlun.kernel"
    default_auto_field = "django.db.models.BigAutoField"
