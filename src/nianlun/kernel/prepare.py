"""Brings the database to this version before anything is served; with `--demo`, loads the demo into an empty one."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if "--demo" in sys.argv[1:]:
        call_command("demo", verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
