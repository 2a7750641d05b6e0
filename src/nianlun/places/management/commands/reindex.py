"""`nianlun reindex`: what the search box finds, made anew; after restoring an old backup or changing the index key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from nianlun.places.search.rebuild import rebuild


class Command(BaseCommand):
    help = "Make the index of the search box anew from the records."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} records indexed.")
