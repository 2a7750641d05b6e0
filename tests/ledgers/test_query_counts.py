"""How many queries the pages of ledgers make: no more for a full ledger than for one with two entries."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import seal
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.follow_ons import link_opened
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry, EntryFile, EntryStep
from nianlun.places.models import Building, Estate, Organisation, User
from tests.ledgers.make import HAZARD, Yard, yard
from tests.places import make

pytestmark = pytest.mark.django_db

# Of each page, for whom, and the most queries that it may make.
PAGES = {
    "list": ("one", "hazard/", 13),
    "list, by choices and words": ("one", "hazard/?category=fire&status=~open&when=year&q=杂物", 13),
    "list, by when recorded": ("one", "hazard/?order=recorded_at", 13),
    "API": ("one", "/api/v1/c/wutong/hazard/", 13),
    "entry": ("one", "hazard/{first}/", 24),
    "home": ("one", "ledgers/", 13),
    "form": ("one", "hazard/new/", 14),
    "form like the last": ("one", "hazard/new/?like=last", 15),
    "edit": ("one", "hazard/{first}/edit/", 10),
    "step": ("one", "hazard/{first}/step/notify/", 10),
    "print": ("one", "hazard/{first}/print/", 16),
    "history": ("one", "hazard/{first}/history/", 13),
    "desk": ("one", "desk/", 20),
    "search": ("one", "/search/?s={words}", 14),
    "overdue": ("officer", "/ledgers/overdue/", 9),
}
numbers = count()


@pytest.fixture
def world() -> Yard:
    made = yard()
    make.officer("officer", of=made.home.subdistrict)
    return made


def fill(world: Yard, entries: int) -> Entry:
    """Hazards with a firm, a building and a writer each; the first has a step, a file and an opened entry for each."""
    held, at = ledgers_at(world.home)["hazard"], world.home
    estate, _ = Estate.objects.get_or_create(subdistrict=at.subdistrict, community=at, code="e1", name="清风苑")
    for _ in range(entries):
        number = next(numbers)
        by = make.worker(f"worker{number}", at=at)
        firm = Organisation.objects.create(subdistrict=at.subdistrict, community=at, kind="shop", name=f"面馆{number}")
        building = Building.objects.create(
            subdistrict=at.subdistrict, community=at, estate=estate, code=f"b{number}", name=f"{number}号楼"
        )
        head = Head(today(), "organisation", str(firm.pk), building.pk)
        written = {**HAZARD, "party": str(firm.pk)}
        made = file_entry(acting_user=by, community=at, held=held, head=head, written=written)
        Entry.objects.filter(pk=made.pk).update(due_on="2026-01-01", escalated_on="2026-01-02")
        _history(made, by)
    return Entry.objects.order_by("pk")[0]


def _history(made: Entry, by: User) -> None:
    first = Entry.objects.order_by("pk")[0]
    EntryStep.objects.create(entry=first, step="notify", title="下发", source="open", target="open", by=by)
    EntryFile.objects.create(
        entry=first, community=first.community, field="photos", name="a.jpg", kind="image/jpeg", size=1, file="a.jpg",
        added_by=by,
    )  # fmt: skip
    if made.pk != first.pk:
        link_opened(acting_user=by, source=first, target=made, follow="登记", part=str(made.pk))
        link_opened(acting_user=by, source=made, target=first, follow="登记", part="")


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def test_no_page_asks_more_for_more_entries(world: Yard) -> None:
    clients: dict[str, Client] = {}
    for username in ("one", "officer"):
        clients[username] = Client()
        clients[username].force_login(User.objects.get(username=username))
    first = fill(world, 2)
    words = seal("杂物")
    asked = {
        name: (clients[who], (path if path[0] == "/" else f"/c/wutong/{path}").format(first=first.pk, words=words))
        for name, (who, path, _) in PAGES.items()
    }
    few = {name: queries(*one) for name, one in asked.items()}
    fill(world, 14)
    many = {name: queries(*one) for name, one in asked.items()}
    over = {name: found for name, found in many.items() if found > PAGES[name][2]}
    assert over == {}, "a page makes more queries than it did: fewer are better, or raise its number"
    assert many.pop("search") <= few.pop("search")  # one that finds enough among the newest asks no further
    assert many == few
