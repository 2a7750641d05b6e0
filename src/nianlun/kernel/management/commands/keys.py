"""`nianlun keys`: the keys of secret fields, told by their ids; their secrets are never printed from the file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nianlun.kernel.sealing.checks import check_keys
from nianlun.kernel.sealing.columns_found import values_by_key
from nianlun.kernel.sealing.errors import KeyRingError
from nianlun.kernel.sealing.keys import ring, source
from nianlun.kernel.sealing.ring import KeyKind, fresh_key, given_text
from nianlun.kernel.sealing.rotation import add_key, drop_keys, left_to_reseal, redigest, reseal


class Command(BaseCommand):
    help = "The keys of secret fields: list them, change them, check that they open what the database holds."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("list", help="each key, whether it is in use, and how many values it sealed")
        acts.add_parser("check", help="whether the keys at hand open what the database holds")
        acts.add_parser("rotate", help="add a key and put every value under it; broken off, it goes on where it was")
        again = acts.add_parser("redigest", help="make every digest anew; nothing is found by number while it runs")
        again.add_argument("--new-key", action="store_true", help="with a fresh index key")
        drop = acts.add_parser("drop", help="take a key that no value needs out of the file")
        drop.add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["act"]:
                case "list":
                    self.list()
                case "check":
                    check_keys()
                case "rotate":
                    self.rotate()
                case "redigest":
                    self.redigest(new_key=options["new_key"])
                case "drop":
                    self.drop(options["id"])
        except KeyRingError as error:
            raise CommandError(error.console) from error

    def list(self) -> None:
        keys, counts = ring(), values_by_key()
        self.stdout.write(f"keys of {source()}")
        for key in keys.keys:
            use = "in use" if key in (keys.sealing, keys.index) else ""
            values = f"{counts.pop(key.id, 0)} values" if key.kind == "seal" else ""
            self.stdout.write(f"  {key.id:16} {key.kind:5}  {use:6}  {values}".rstrip())
        for key_id, count in sorted(counts.items()):
            self.stdout.write(f"  {key_id:16} LOST          {count} values that cannot be opened")

    def rotate(self) -> None:
        check_keys()
        if left := left_to_reseal():
            self.stdout.write(f"{left} values are under older keys: no new key before they are moved")
        else:
            self.add("seal")
        self.tell(reseal())
        others = [key.id for key in ring().keys if key.kind == "seal" and key != ring().sealing]
        if others:
            self.stdout.write(f"no longer in use: {', '.join(others)}   (nianlun keys drop ID)")

    def redigest(self, *, new_key: bool) -> None:
        check_keys()
        if new_key and len([key for key in ring().keys if key.kind == "index"]) == 1:
            self.add("index")
        self.tell(redigest())
        older = [key.id for key in ring().keys if key.kind == "index" and key != ring().index]
        if older:
            self.drop(*older)

    def drop(self, *key_ids: str) -> None:
        drop_keys(*key_ids)
        self.stdout.write(f"dropped {', '.join(key_ids)}; older backups may need it still: keep it with them")
        if given_text():
            self.stdout.write("now take it out of NIANLUN_KEY and restart everything")

    def add(self, kind: KeyKind) -> None:
        if given_text():
            raise CommandError(
                "the keys come from NIANLUN_KEY: add this at its end, restart everything, and run this again; "
                f"it then goes on with that key\n{fresh_key(kind).line()}"
            )
        self.stdout.write(f"new key {add_key(kind)}: keep a copy of {source()} with your backups")

    def tell(self, done: Counter[str]) -> None:
        for what in ("resealed", "redigested"):
            if what in done:
                self.stdout.write(f"{what}: {done.pop(what)} values")
        if done:
            lost = ", ".join(f"{count} in {column}" for column, count in sorted(done.items()))
            raise CommandError(f"cannot be opened and left as they are: {lost}")
