"""The index keeps what finds a record, and nothing that could be read from it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nianlun.places.models import Findable, Resident
from nianlun.places.search.grams import pieces, stretches
from nianlun.places.search.index import index, unindex
from tests.places import make
from tests.places.search.make import building, resident, room

pytestmark = pytest.mark.django_db


def test_a_text_falls_into_neighbours_and_runs() -> None:
    assert pieces("清风苑12号楼") == {"清风", "风苑", "苑12", "12", "12号"}
    assert pieces("Ａ座，302室") == {"a座", "座302", "302", "302室"}
    assert pieces("单") == set()
    assert stretches("qfyx") == {"qf", "fy", "yx", "qfy", "fyx", "qfyx"}


def test_a_record_is_indexed_once_and_follows_its_changes() -> None:
    at = make.community()
    one = resident("张三丰", at=at, room=room(of=building(at=at)))
    found = Findable.objects.get(kind="resident")
    assert (found.title, found.subtitle, found.gone) == ("张三丰", "清风苑3号楼2单元302", False)
    one.name, one.state, one.initials = "张四", "moved_out", ""
    index([one])
    again = Findable.objects.get(kind="resident")
    assert (again.pk, again.title, again.gone) == (found.pk, "张四", True)
    assert "p张四" in again.grams and "p=zs" in again.grams and "p张三" not in again.grams
    Resident.objects.filter(pk=one.pk).update(state="merged")
    one.refresh_from_db()
    index([one])
    assert not Findable.objects.filter(kind="resident").exists()


def test_secret_numbers_are_not_in_it() -> None:
    at = make.community()
    resident("李四", at=at, id_number="990101198001010016", phone="13900001234")
    text = str(list(Findable.objects.values()))
    assert "13900001234" not in text and "1234" not in text and "9901011980" not in text
    assert sum(gram.startswith("p#") for gram in Findable.objects.get().grams) == 3


def test_many_records_cost_the_queries_of_one() -> None:
    at = make.community()
    home = room(of=building(at=at))
    people = [resident(f"王小{name}", at=at, room=home) for name in "甲乙丙丁戊"]
    counts = []
    for batch in (people[:1], people):
        fresh = list(Resident.objects.filter(pk__in=[one.pk for one in batch]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            index(fresh)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_unindex_takes_records_out() -> None:
    at = make.community()
    one, other = resident("王一", at=at), resident("王二", at=at)
    unindex("resident", [one.pk])
    assert list(Findable.objects.values_list("record_id", flat=True)) == [other.pk]
