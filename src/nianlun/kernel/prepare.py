"""Before anything is served: migrates, checks the keys; with `--demo`, loads the demo into an empty database."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import CommandError, call_command

from nianlun.kernel.serve_command import KEYS_UNUSABLE


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    try:
        call_command("keys", "check")
    except CommandError as error:
        print(error, file=sys.stderr)
        return KEYS_UNUSABLE
    if "--demo" in sys.argv[1:]:
        call_command("demo", verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
