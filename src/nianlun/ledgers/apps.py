from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "nianlun.ledgers"
    verbose_name = "ledgers"

    def ready(self) -> None:
        from nianlun.ledgers import receivers

        receivers.connect(self)
