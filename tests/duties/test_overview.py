"""The subdistrict's overview: its communities side by side, and no others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.duties.make import WEEKLY, Wanted, World, adopt
from tests.places import make

pytestmark = pytest.mark.django_db


def test_it_is_for_posts_over_a_whole_subdistrict(world: World, client: Client) -> None:
    for person in (world.boss, world.grid1):
        client.force_login(person)
        assert client.get("/overview/").status_code == 403
    client.force_login(make.officer(of=world.home.subdistrict))
    assert client.get("/overview/").status_code == 200


def test_it_shows_the_communities_of_ones_own_subdistrict_by_code(world: World, client: Client) -> None:
    second = make.community("aspen", of=world.home.subdistrict)
    world.adopt(Wanted("检查消防通道"))
    adopt(world.far, world.stranger, [Wanted("别处的任务")])
    client.force_login(make.officer(of=world.home.subdistrict))
    answer = client.get("/overview/?year=2027")
    assert [row["community"] for row in answer.context["rows"]] == [second, world.home]
    assert "faraway" not in answer.content.decode()
    assert [row["whole"].duties for row in answer.context["rows"]] == [0, 1]
    assert "未上传" in answer.content.decode() and "已通过 1 份" in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_work(world: World, client: Client) -> None:
    client.force_login(make.officer(of=world.home.subdistrict))
    counts = []
    for _ in range(2):
        client.get("/overview/?year=2027")
        with CaptureQueriesContext(connection) as asked:
            client.get("/overview/?year=2027")
        counts.append(len(asked))
        world.adopt(*(Wanted(f"任务{n}", owners=["网格员"], schedules=[WEEKLY]) for n in range(20)))
    assert counts[1] - counts[0] <= 3 and counts[1] <= 25, counts  # the tables are asked only where there is work
