"""`nianlun audit`: check the chain of the audit log, and print its end for keeping where nobody here can write."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nianlun.kernel.audit_chain import Head, head, seal_log
from nianlun.kernel.audit_verify import verify

BROKEN = 1


def a_head(said: str) -> Head:
    """`SEQ:HASH` as `nianlun audit head` printed it."""
    seq, _, digits = said.strip().partition(":")
    try:
        made = Head(int(seq), bytes.fromhex(digits))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{said!r} is not of the form SEQ:HASH") from error
    if len(made.hash) != 32:
        raise argparse.ArgumentTypeError("the hash of a head has 64 digits")
    return made


class Command(BaseCommand):
    help = "The audit log: verify that no row was changed, removed or put elsewhere (exit code 1 if one was)."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        check = acts.add_parser("verify", help="recompute the whole chain")
        check.add_argument("--head", type=a_head, metavar="SEQ:HASH", help="an end that was kept elsewhere")
        acts.add_parser("head", help="chain what is not yet, and print the end for keeping elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "head":
            seal_log(everything=True)
            self.stdout.write(str(head()))
            return
        seen = verify(options["head"])
        for found in seen.found:
            self.stdout.write(f"{found.fault}: {found.said}")
        if seen.count > len(seen.found):
            self.stdout.write(f"and {seen.count - len(seen.found)} more")
        if seen.count:
            raise CommandError(f"the audit log was tampered with or is damaged: {seen.count} faults", returncode=BROKEN)
        self.stdout.write(f"whole: {seen.end.seq} rows, up to {seen.end}")
