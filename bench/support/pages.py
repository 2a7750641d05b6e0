"""How long whole requests take, in this process over the real database: middleware, rights, queries, templates."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator

from django.test import Client

from nianlun.places.models import Resident
from nianlun.places.policy import Policy
from nianlun.places.registers.resident_filters import FILTERS
from nianlun.places.viewing import CommunityViewer
from support.town import Town

ROUNDS, WARM = 25, 3
Request = Callable[[], object]


def measure(town: Town) -> dict[str, list[float]]:
    """Milliseconds of each request of the register's pages."""
    return timed(dict(_requests(town)))


def timed(requests: dict[str, Request]) -> dict[str, list[float]]:
    """Milliseconds of each request, by what it asks for; rounds go through all of them in turn."""
    found: dict[str, list[float]] = {name: [] for name in requests}
    for number in range(WARM + ROUNDS):
        for name, ask in requests.items():
            started = time.perf_counter()
            response = ask()
            spent = (time.perf_counter() - started) * 1000
            status = getattr(response, "status_code", 0)
            if status != 200:
                raise SystemExit(f"{name}: answered {status}")
            if number >= WARM:
                found[name].append(spent)
    return found


def _requests(town: Town) -> Iterator[tuple[str, Request]]:
    clients = {kind: signed_in(town, kind) for kind in town.people}
    filled = town.filled[0]
    code = filled.ground.community.code
    base = f"/c/{code}"
    boss = clients["secretary"]

    def page(name: str, path: str, client: Client = boss) -> tuple[str, Request]:
        return name, lambda: client.get(path)

    yield page("residents, first page", f"{base}/residents/")
    yield page("residents, a page in the middle", f"{base}/residents/?cursor={_middle(boss, base)}")
    yield page("residents by address", f"{base}/residents/?order=door")
    yield page("residents, a grid worker's", f"{base}/residents/", clients["grid_worker"])
    viewer = CommunityViewer(town.people["secretary"], filled.ground.community, Policy(town.people["secretary"]))
    for one in FILTERS:
        if choices := one.choices(viewer):
            yield page(f"residents by {one.code}", f"{base}/residents/?{one.code}={choices[0][0]}")
    somebody = next(one for one in filled.people.living if one.household_id)
    yield page("residents, words in the list", f"{base}/residents/?q={somebody.name}")
    yield page("one resident", f"{base}/residents/{somebody.pk}/")
    yield page("households", f"{base}/households/")
    yield page("one household", f"{base}/households/{somebody.household_id}/")
    fullest = Counter(room.building_id for room in filled.ground.rooms if room.building.floors > 1).most_common(1)[0][0]
    yield page("a building's page", f"{base}/buildings/{fullest}/")
    yield page("tree of places", f"{base}/places/")
    yield page("organisations", f"{base}/organisations/")
    for name, words, kind in (
        ("search: a common name", "张伟", "secretary"),
        ("search: initials", "zw", "secretary"),
        ("search: an address that many have", "1单元", "secretary"),
        ("search: a word that is nowhere", "查无此人", "secretary"),
        ("search: last four of a phone", "1234", "grid_worker"),
        ("search: the subdistrict", filled.ground.estates[0].name, "subdistrict"),
    ):
        client = clients[kind]
        yield name, lambda client=client, words=words: client.post("/search/", {"q": words}, follow=True)
    yield "suggestions while typing", lambda: boss.post("/search/suggest/", {"q": "zxy"})


def signed_in(town: Town, kind: str) -> Client:
    client = Client()
    client.force_login(town.people[kind])
    return client


def _middle(client: Client, base: str) -> str:
    """The cursor of a page some way into the list."""
    cursor = ""
    for _ in range(5):
        page = client.get(f"/api/v1{base}/residents/?limit=50&cursor={cursor}").json()
        if not page["next"]:
            break
        cursor = page["next"]
    return cursor


def people_in(town: Town) -> int:
    return Resident.objects.filter(subdistrict=town.subdistrict).count()
