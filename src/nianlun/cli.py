"""The command `nianlun`: each subcommand's module is loaded only when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module

# name -> (module that has `app`, help). The one place where code loads lazily by name.
COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("nianlun.plans.reading.command", "read plans into commitments"),
    "year": ("nianlun.duties.year_command", "a plan's year as a calendar, without a database"),
    "ledgers": ("nianlun.ledgers.command", "check declarations, print their schema or a flow"),
    "serve": ("nianlun.kernel.serve_command", "start web, worker and database"),
    "migrate": ("nianlun.kernel.manage_command", "bring the database to this version"),
    "demo": ("nianlun.kernel.manage_command", "load the demo"),
    "found": ("nianlun.kernel.manage_command", "begin: a subdistrict, its administrator and communities"),
    "backup": ("nianlun.kernel.manage_command", "one checked file with everything but the data keys"),
    "restore": ("nianlun.kernel.manage_command", "put a backup in the place of what is there"),
    "keys": ("nianlun.kernel.manage_command", "the keys of secret fields: list, rotate, redigest, drop"),
    "audit": ("nianlun.kernel.manage_command", "check the chain of the audit log: verify, head"),
    "reindex": ("nianlun.kernel.manage_command", "make the search box's index anew"),
    "manage": ("nianlun.kernel.manage_command", "any other management command"),
}


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("usage: nianlun COMMAND ...\n")
        for name, (_, text) in COMMANDS.items():
            print(f"  {name:9}{text}")
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        print(f"nianlun: no command {arguments[0]!r}; see nianlun --help", file=sys.stderr)
        return 2
    module = import_module(COMMANDS[arguments[0]][0])
    return int(module.main(arguments) or 0)
