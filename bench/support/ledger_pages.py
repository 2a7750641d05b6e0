"""How long whole requests for entries take, how many queries each makes, and how long filing takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.clock import today
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.ledgers.declarations.shipped import POSTS, shipped_ledgers
from nianlun.ledgers.models import Entry, EntryLink
from nianlun.places.lines import LINE_TITLES
from support.pages import Request, signed_in
from support.town import Town

FILINGS = 60
DECLARATIONS = 80


def requests_of(town: Town) -> dict[str, Request]:
    """What is asked for, by name: lists, filters, words of two characters, an entry, the pages around them."""
    return dict(_requests(town))


def _requests(town: Town) -> Iterator[tuple[str, Request]]:
    clients = {kind: signed_in(town, kind) for kind in town.people}
    community = town.filled[0].ground.community
    base, boss = f"/c/{community.code}", clients["secretary"]

    def page(name: str, path: str, client: Client = boss) -> tuple[str, Request]:
        return name, lambda: client.get(path)

    yield page("list: visits", f"{base}/visit/")
    yield page("list: visits, in the middle", f"{base}/visit/?cursor={_middle(boss, base)}")
    yield page("list: visits by when recorded", f"{base}/visit/?order=recorded_at")
    yield page("list: hazards, a worker's", f"{base}/hazard/", clients["worker"])
    yield page("list: hazards, a grid worker's", f"{base}/hazard/", clients["grid_worker"])
    yield page("list: benefits (sensitive)", f"{base}/benefit/")
    for name, query in (
        ("open", "visit/?status=~open"), ("overdue", "hazard/?status=~overdue"), ("a state", "hazard/?status=closed"),
        ("withdrawn", "visit/?status=~withdrawn"), ("last year", "visit/?when=last_year"),
        ("a choice with an index", "request/?channel=counter"), ("the same of visits", "visit/?met=nobody"),
        ("a choice without one", "visit/?manner=phone"), ("one of several choices", "visit/?purposes=care"),
        ("two at once", "hazard/?severity=grave&status=~open"),
    ):  # fmt: skip
        yield page(f"filter: {name}", f"{base}/{query}")
    for name, words in (("two characters", "飞线"), ("two that many have", "楼道"), ("two that none has", "鲸鱼")):
        yield page(f"words in the list: {name}", f"{base}/hazard/?q={words}")
        for kind in ("secretary", "grid_worker", "subdistrict"):
            client = clients[kind]
            yield (
                f"search: {name}, {kind}",
                lambda client=client, words=words: client.post(  # type: ignore[misc]
                    "/search/", {"q": words}, follow=True
                ),
            )
    yield "suggestions while typing", lambda: boss.post("/search/suggest/", {"q": "飞线"})
    for name, entry in (("a visit", _entry(community, "visit")), ("an inspection with hazards", _linked(community))):
        yield page(f"entry: {name}", f"{base}/{entry.ledger}/{entry.pk}/")
    yield page("home of ledgers", f"{base}/ledgers/")
    yield page("form", f"{base}/hazard/new/")
    yield page("form like the last", f"{base}/visit/new/?like=last", clients["worker"])
    yield page("a worker's desk", f"{base}/desk/", clients["worker"])
    yield page("overdue in the subdistrict", "/ledgers/overdue/", clients["subdistrict"])


def _entry(community: object, ledger: str) -> Entry:
    return Entry.objects.filter(community=community, ledger=ledger).order_by("pk")[5]


def _linked(community: object) -> Entry:
    return EntryLink.objects.filter(source__community=community).order_by("pk")[0].source


def _middle(client: Client, base: str) -> str:
    """The cursor of a page some way into the list."""
    cursor = ""
    for _ in range(5):
        page = client.get(f"/api/v1{base}/visit/?limit=50&cursor={cursor}").json()
        if not page["next"]:
            break
        cursor = page["next"]
    return cursor


def queries_of(requests: dict[str, Request]) -> dict[str, int]:
    """How many queries each makes, once everything that is read once was read."""
    found = {}
    for name, ask in requests.items():
        ask()
        with CaptureQueriesContext(connection) as asked:
            ask()
        found[name] = len(asked)
    return found


def filings_of(town: Town) -> dict[str, list[float]]:
    """Milliseconds of filing a visit, and an inspection of which two points opened hazards."""
    client, base = signed_in(town, "worker"), f"/c/{town.filled[0].ground.community.code}"
    visit = {"purposes": "care", "manner": "door", "met": "self", "gist": "身体都好，没有要办的事"}
    inspection = _inspection(client, base)
    return {
        "filing a visit": _filed(lambda: client.post(f"{base}/visit/new/", _form(visit))),
        "filing an inspection that opens two hazards": _filed(
            lambda: client.post(f"{base}/inspection/new/", _form(inspection))
        ),
    }


def _form(said: dict[str, str]) -> dict[str, str]:
    return {"client_key": str(uuid4()), "occurred_on": today().isoformat(), **said}


def _inspection(client: Client, base: str) -> dict[str, str]:
    asked = {"points": "gas", "field": "points", "occurred_on": today().isoformat()}
    page = client.post(f"{base}/inspection/points/", asked).content.decode()
    names = dict.fromkeys(part.split('"')[0] for part in page.split('name="')[1:])
    points = [name for name in names if not name.endswith(".remark")]
    taken = {name: "failed" if at < 2 else "absent" for at, name in enumerate(points)}
    return {
        "target": "老街小吃店", "kind": "festival", "inspectors": "安全专干", "conclusion": "failed",
        "deadline": today().isoformat(), "points": "gas", **taken,
    }  # fmt: skip


def _filed(send: Callable[[], object]) -> list[float]:
    spent = []
    for _ in range(FILINGS):
        started = time.perf_counter()
        answer = send()
        spent.append((time.perf_counter() - started) * 1000)
        if getattr(answer, "status_code", 0) != 302:
            raise SystemExit("a filing was refused: " + answer.content.decode()[-3000:])  # type: ignore[attr-defined]
    return spent[5:]


def seconds_to_load() -> float:
    """Of computing, to read and check eighty declarations."""
    words = [(str(one.path.name), one.words) for one in shipped_ledgers().values()]
    known = Known(POSTS, LINE_TITLES, frozenset(shipped_ledgers()))
    started = time.process_time()
    for number in range(DECLARATIONS):
        file, text = words[number % len(words)]
        read_ledger(text, file, known)
    return time.process_time() - started
