"""What was taken of a checklist is read and mended under the version in which it was taken."""

from __future__ import annotations

from typing import Any

import pytest

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.entries import change_entry, file_entry
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.declarations.shipped import shipped_checklists
from nianlun.ledgers.models import Entry, LedgerVersion, Standing
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of

pytestmark = pytest.mark.django_db
NEW_POINT: dict[str, Any] = {"code": "poster", "title": "张贴了用气须知", "weight": 5}


def inspection(world: Yard, points: dict[str, Any]) -> Entry:
    written = {
        "target": "小吃店", "kind": "routine", "inspectors": "二人", "conclusion": "passed",
        "points": {"checklist": "gas", "points": points},
    }  # fmt: skip
    held = ledgers_at(world.home)["inspection"]
    return file_entry(acting_user=world.one, community=world.home, held=held, head=Head(today()), written=written)


def test_a_newer_version_asks_nothing_of_older_entries() -> None:
    world = yard()
    codes = [point.code for point in shipped_checklists()["gas"].checklist.points]
    old = inspection(world, dict.fromkeys(codes, "met"))
    assert old.data["points"]["version"] == 1
    first = LedgerVersion.objects.get(kind=LedgerVersion.Kind.CHECKLIST, code="gas")
    body = {**first.body, "version": 2, "points": [*first.body["points"][1:], NEW_POINT]}
    LedgerVersion.objects.create(
        kind=first.kind, code="gas", version=2, title=first.title, words="", body=body, standing=Standing.PUBLISHED
    )
    assert catalogue.checklists_at(world.home)["gas"].version == 2

    page = client_of(world.one).get(f"/c/wutong/inspection/{old.pk}/").content.decode()
    assert shipped_checklists()["gas"].checklist.points[0].title in page and NEW_POINT["title"] not in page
    form = client_of(world.one).get(f"/c/wutong/inspection/{old.pk}/edit/").content.decode()
    assert f"points.{codes[0]}" in form and "points.poster" not in form
    points = {"checklist": "gas", "points": {**dict.fromkeys(codes, "met"), codes[1]: "absent"}}
    changed = change_entry(acting_user=world.one, pk=old.pk, revision=None, written={"points": points})
    assert changed.data["points"]["version"] == 1 and codes[0] in changed.data["points"]["points"]

    fresh = inspection(world, {**dict.fromkeys(codes[1:], "met"), "poster": "met"})
    assert fresh.data["points"]["version"] == 2
