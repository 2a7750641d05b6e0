"""Indexes that declarations ask for: made by a job, used by lists, dropped when nobody asks any more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.kernel.clock import today
from nianlun.ledgers.actions.indexes import LOCK, tend_indexes, wanted_indexes
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.jobs import tend_entry_indexes
from nianlun.ledgers.models import Entry, LedgerVersion, Standing
from nianlun.ledgers.registers.narrowing import filters_of
from nianlun.ledgers.rules.asked_indexes import PREFIX, AskedIndex, asked_indexes
from nianlun.places.models import Community
from tests.ledgers.make import Yard, yard


def body(*fields: str, kind: str = "choice") -> dict[str, Any]:
    return {"fields": [{"code": code, "kind": kind} for code in fields], "indexed": list(fields)}


def local(code: str, at: Community | None, *fields: str, version: int = 1) -> LedgerVersion:
    return LedgerVersion.objects.create(
        code=code, version=version, title="本地台账", words="", body=body(*fields), standing=Standing.PUBLISHED,
        community=at, subdistrict=at.subdistrict if at else None,
    )  # fmt: skip


def there() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE starts_with(indexname::text, %s)", [PREFIX])
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def none_left(transactional_db: None) -> Any:
    """A table without such indexes, before and after."""
    drop_all()
    yield
    drop_all()


def drop_all() -> None:
    with connection.cursor() as cursor:
        for name in there():
            cursor.execute(f"DROP INDEX {name}")


# Which there should be
def test_names_are_the_same_every_time_and_fit() -> None:
    longest = AskedIndex("a" * 40, "b" * 40, "choice")
    assert len(longest.name) <= 63 and longest.name == AskedIndex("a" * 40, "b" * 40, "choice").name
    alike = AskedIndex("a" * 39 + "x", "b" * 40, "choice")
    assert longest.name != alike.name != AskedIndex("a" * 39 + "x", "b" * 40, "choices").name


def test_no_ledger_gets_more_than_four_however_many_places_declare_it() -> None:
    asked = asked_indexes([("tool", body("a", "b", "c")), ("tool", body("a", "d", "e")), ("key", body("a"))])
    assert sorted((one.ledger, one.field) for one in asked.values()) == [
        ("key", "a"), ("tool", "a"), ("tool", "b"), ("tool", "c"), ("tool", "d"),
    ]  # fmt: skip


def test_what_no_list_is_narrowed_by_gets_none() -> None:
    assert asked_indexes([("tool", body("a", kind="long_text")), ("tool", {"indexed": ["b"]}), ("key", {})]) == {}


def test_every_shipped_ledger_gets_what_it_asks_for(db: None) -> None:
    asked = {(one.ledger, one.field) for one in wanted_indexes().values()}
    assert asked == {(code, field) for code, one in shipped_ledgers().items() for field in one.ledger.indexed}


# Making and dropping them
def test_they_are_made_once_and_dropped_when_nobody_asks(none_left: None) -> None:
    first = tend_indexes()
    assert there() == set(first.made) == set(wanted_indexes()) and not first.failed
    again = tend_indexes()
    assert (again.made, again.dropped) == ([], [])
    world = yard()
    before = there()
    own = local("x_tool", world.home, "kind", "state")
    assert len(tend_indexes().made) == 2
    local("x_tool", world.home, "state", version=2)
    assert [name.endswith("_kind") for name in tend_indexes().dropped] == [True]
    LedgerVersion.objects.filter(code=own.code).update(standing=Standing.RETIRED)
    assert len(tend_indexes().dropped) == 1 and there() == before


def test_one_that_was_cut_short_is_made_anew(none_left: None) -> None:
    tend_indexes()
    broken = min(there())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [broken])
    again = tend_indexes()
    assert again.dropped == again.made == [broken]


def test_two_do_not_tend_them_at_once(none_left: None) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert tend_indexes().made == [] and there() == set()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        other.close()
    tend_entry_indexes(), tend_entry_indexes()
    assert there()


def test_publishing_and_retiring_queue_one_job_and_make_nothing_themselves(none_left: None) -> None:
    world = yard()
    ProcrastinateJob.objects.all()._raw_delete("default")
    own = local("x_tool", world.home, "kind")
    own.standing = Standing.RETIRED
    own.save()
    LedgerVersion.objects.create(code="x_key", version=1, title="草稿", words="", standing=Standing.DRAFT)
    assert ProcrastinateJob.objects.filter(task_name="ledgers.tend_entry_indexes", status="todo").count() == 1
    assert there() == set()


# Lists use them
def many(world: Yard, rows: int) -> None:
    held = ledgers_at(world.home)["hazard"]
    first = today() - timedelta(days=900)
    severities = ("minor", "minor", "minor", "minor", "minor", "minor", "minor", "minor", "grave", "major")
    Entry.objects.bulk_create(
        [
            Entry(
                subdistrict_id=world.home.subdistrict_id, community=world.home, ledger="hazard",
                ledger_version_id=held.version_id, title="楼道堆物", status="open", recorded_by=world.one,
                occurred_on=first + timedelta(days=number % 900), data={"severity": severities[number % 10]},
            )
            for number in range(rows)
        ]
    )  # fmt: skip


def plan_of(world: Yard, value: str, *, after: date | None = None) -> str:
    narrow = next(one for one in filters_of(ledgers_at(world.home)["hazard"].ledger) if one.code == "severity").narrow
    rows = narrow(Entry.objects.filter(community=world.home, ledger="hazard"), value, None)
    if after is not None:
        rows = rows.filter(occurred_on__lt=after)
    return rows.order_by("-occurred_on", "-pk").values("pk")[:51].explain()


def test_a_list_of_one_choice_walks_its_index_in_order(none_left: None) -> None:
    world = yard()
    many(world, 1_500)
    tend_indexes()
    (name,) = (name for name, one in wanted_indexes().items() if (one.ledger, one.field) == ("hazard", "severity"))
    for plan in (plan_of(world, "grave"), plan_of(world, "grave", after=today() - timedelta(days=400))):
        assert name in plan and "Sort" not in plan, plan
