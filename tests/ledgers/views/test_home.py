"""The shelf of ledgers, and steps made on many entries of a list."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.ledgers.models import Entry
from tests.ledgers.make import hazard, yard
from tests.places import make

pytestmark = pytest.mark.django_db


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_shelf_shows_each_ledger_with_what_is_open() -> None:
    world = yard()
    hazard(world.one, world.home)
    late = hazard(world.two, world.home)
    Entry.objects.filter(pk=late.pk).update(due_on="2026-01-01")
    page = client_of(world.one).get("/c/wutong/ledgers/").content.decode()
    assert "隐患整改台账" in page and "2 条没有办完" in page and "逾期 1" in page and "最近用过" in page
    assert client_of(world.stranger).get("/c/wutong/ledgers/").status_code == 404


def test_the_shelf_asks_no_more_for_more_entries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    world = yard()
    client = client_of(world.one)
    client.get("/c/wutong/ledgers/")
    for _ in range(5):
        hazard(world.one, world.home)
    with django_assert_max_num_queries(24):
        client.get("/c/wutong/ledgers/")


def test_an_overdue_state_says_so_in_words() -> None:
    world = yard()
    entry = hazard(world.one, world.home)
    Entry.objects.filter(pk=entry.pk).update(due_on="2026-01-01")
    page = client_of(world.one).get("/c/wutong/hazard/").content.decode()
    assert "nl-tone-open" in page and "逾期" in page


def test_a_step_on_many_tells_row_by_row() -> None:
    world = yard()
    first, second = hazard(world.one, world.home), hazard(world.two, world.home)
    ticked = {"entry": [first.pk, second.pk], "step": "refute"}
    answer = client_of(world.boss).post("/c/wutong/hazard/steps/", {**ticked, "note": "重复登记"})
    page = answer.content.decode()
    assert "勾选 2 条，办成 2 条" in page
    first.refresh_from_db()
    assert first.status == "void"
    refused = client_of(world.one).post("/c/wutong/hazard/steps/", {**ticked, "note": "重复登记"})
    assert "办成 0 条" in refused.content.decode()
    assert client_of(world.boss).post("/c/wutong/hazard/steps/", {"step": "refute"}).status_code == 422
    assert client_of(world.stranger).post("/c/wutong/hazard/steps/", ticked).status_code == 404


def test_another_post_is_refused() -> None:
    world = yard()
    keeper = make.officer("keeper", of=world.home.subdistrict, kind="administrator")
    assert client_of(keeper).get("/c/wutong/ledgers/").status_code == 403
    assert client_of(keeper).get("/c/wutong/hazard/").status_code == 403
