"""`nianlun demo`: the made-up subdistrict."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nianlun.demo.load import load, sign_ins


class Command(BaseCommand):
    help = "Load the demo: one subdistrict, three communities, their people and plans."

    def handle(self, *args: Any, **options: Any) -> None:
        if load():
            self.stdout.write("Demo loaded.")
        elif options["verbosity"]:
            self.stdout.write("The database has data already; the demo was not loaded.")
        for line in sign_ins():
            self.stdout.write(line)
