"""What people do with the register at once."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from urllib.parse import quote

from support.crowd import PEOPLE, Act, Outcome, Person, ask, crowd, everybody
from support.town import Town

Connection = http.client.HTTPConnection


@dataclass(slots=True)
class Keeper(Person):
    """Residents are this person's alone, so that nobody else changes them meanwhile."""

    names: list[str] = field(default_factory=list)
    residents: list[tuple[str, int]] = field(default_factory=list)  # id and revision
    buildings: list[str] = field(default_factory=list)


def register_crowd(town: Town) -> Outcome:
    return crowd([_keeper(one) for one in everybody(town)], ACTS)


def _keeper(one: Person) -> Keeper:
    filled = one.town.filled[one.place]
    share = filled.people.living[one.number :: PEOPLE // len(one.town.filled) + 1][:60]
    return Keeper(
        one.session, one.town, one.place, one.number, one.chance, [resident.name for resident in share],
        [(str(resident.pk), 1) for resident in share], [str(building.pk) for building in filled.ground.buildings],
    )  # fmt: skip


def _list(one: Keeper, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/residents/")[0]


def _building(one: Keeper, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/buildings/{one.chance.choice(one.buildings)}/")[0]


def _resident(one: Keeper, connection: Connection) -> int:
    return ask(one, connection, "GET", f"{one.base}/residents/{one.chance.choice(one.residents)[0]}/")[0]


def _write(one: Keeper, connection: Connection) -> int:
    at = one.chance.randrange(len(one.residents))
    pk, revision = one.residents[at]
    body = json.dumps({"revision": revision, "values": {"note": f"来电核对 {one.chance.randrange(10**6)}"}})
    address = f"/api/v1{one.base}/residents/{pk}/"
    status, answer = ask(one, connection, "PATCH", address, body, "application/json")
    if status == 200:
        one.residents[at] = (pk, json.loads(answer)["revision"])
    return status


def _suggest(one: Keeper, connection: Connection) -> int:
    return ask(one, connection, "POST", "/search/suggest/", f"q={quote(one.chance.choice(one.names))}")[0]


def _search(one: Keeper, connection: Connection) -> int:
    return ask(one, connection, "POST", "/search/", f"q={quote(one.chance.choice(one.names))}")[0]


ACTS: dict[str, tuple[int, Act[Keeper]]] = {
    "list": (20, _list), "resident": (20, _resident), "building": (10, _building), "search": (20, _search),
    "suggest": (15, _suggest), "write": (15, _write),
}  # fmt: skip
