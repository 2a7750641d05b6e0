"""`nianlun demo`: the made-up subdistrict."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nianlun.demo.load import load


class Command(BaseCommand):
    help = "Load the demo: one subdistrict, three communities, their people and plans."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in load():
            self.stdout.write(line)
