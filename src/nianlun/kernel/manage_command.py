"""`nianlun migrate`, `nianlun demo` and `nianlun manage …`: management commands, with the database they need."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from nianlun.kernel.database import database
from nianlun.kernel.paths import var_folder
from nianlun.kernel.postgres import DatabaseError


def main(arguments: Sequence[str]) -> int:
    """`arguments` begins with the name of the command as it was typed after `nianlun`."""
    asked = arguments[1:] if arguments[0] == "manage" else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
    try:
        with database(var_folder()):
            execute_from_command_line(["nianlun", *asked])
    except DatabaseError as error:
        print(f"nianlun: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
