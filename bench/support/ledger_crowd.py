"""What people do with their ledgers at once."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import uuid4

from nianlun.kernel.clock import today
from nianlun.ledgers.models import Entry
from support.crowd import Act, Outcome, Person, ask, crowd, everybody
from support.entries import WHAT
from support.town import Town

Connection = http.client.HTTPConnection
LISTS = ("visit", "hazard", "inspection", "request", "meeting")
FILTERS = ("status=~open", "status=~overdue", "when=month")
HAZARD = {"category": "fire", "severity": "minor"}
VISIT = {"purposes": "care", "manner": "door", "met": "self", "gist": "身体都好，没有要办的事"}


@dataclass(slots=True)
class Filer(Person):
    entries: list[str] = field(default_factory=list)  # addresses of pages


def ledger_crowd(town: Town) -> Outcome:
    return crowd([_filer(one) for one in everybody(town)], ACTS)


def _filer(one: Person) -> Filer:
    community = one.town.filled[one.place].ground.community
    latest = Entry.objects.filter(community=community, ledger__in=LISTS).order_by("-pk").values_list("ledger", "pk")
    addresses = [f"{one.base}/{ledger}/{pk}/" for ledger, pk in latest[:400]]
    return Filer(one.session, one.town, one.place, one.number, one.chance, addresses)


def _list(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/{one.chance.choice(LISTS)}/")[0]


def _narrowed(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/{one.chance.choice(LISTS)}/?{one.chance.choice(FILTERS)}")[0]


def _entry(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "GET", one.chance.choice(one.entries))[0]


def _home(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/ledgers/")[0]


def _form(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/{one.chance.choice(LISTS)}/new/")[0]


def _search(one: Filer, connection: Connection) -> int:
    return ask(one, connection, "POST", "/search/", f"q={quote(one.chance.choice(WHAT))}")[0]


def _file(one: Filer, connection: Connection) -> int:
    """An acknowledged filing leads to its page; a form that comes back is none."""
    ledger = one.chance.choice(("hazard", "visit"))
    said = {**HAZARD, "found": f"{one.chance.choice(WHAT)}要修"} if ledger == "hazard" else VISIT
    form = urlencode({"client_key": str(uuid4()), "occurred_on": today().isoformat(), **said})
    return ask(one, connection, "POST", f"{one.base}/{ledger}/new/", form)[0]


ACTS: dict[str, tuple[int, Act[Filer]]] = {
    "list": (20, _list), "narrowed": (12, _narrowed), "entry": (20, _entry), "home": (5, _home), "form": (10, _form),
    "search": (15, _search), "file": (18, _file),
}  # fmt: skip
