from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "nianlun.ledgers"
    verbose_name = "ledgers"

    def ready(self) -> None:
        from nianlun.ledgers import findable, receivers, slots
        from nianlun.ledgers.registers.finder import LedgerFinder
        from nianlun.ui.registers.register import register_finder

        receivers.connect(self)
        slots.register()
        findable.describe_all()
        register_finder(LedgerFinder())
