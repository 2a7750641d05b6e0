"""A room is given once at a time: who comes later is told who has it."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import change_entry, file_entry, restore_entry, withdraw_entry
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head, Refused
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of

pytestmark = pytest.mark.django_db
DAY, NEXT = (today() + timedelta(days=3)).isoformat(), (today() + timedelta(days=4)).isoformat()


def activity(world: Yard, name: str, begins: str = "", ends: str = "", **values: object) -> Entry:
    written = {
        "name": name, "form": "lecture", "held_on": DAY, "venue": "活动室二楼", "starts_at": begins, "ends_at": ends,
        **values,
    }  # fmt: skip
    held = ledgers_at(world.home)["activity"]
    return file_entry(acting_user=world.one, community=world.home, held=held, head=Head(today()), written=written)


def test_who_comes_later_is_told_who_has_the_room() -> None:
    world = yard()
    activity(world, "讲座", "09:30", "11:00")
    with pytest.raises(Refused) as refused:
        activity(world, "合唱", "10:30", "12:00")
    assert refused.value.errors == {"venue": "这里 09:30–11:00 已经安排了“讲座”，请换时间或地点。"}


def test_the_api_says_it_too() -> None:
    world = yard()
    activity(world, "讲座", "09:30", "11:00")
    values = {
        "occurred_on": today().isoformat(), "name": "合唱", "form": "performance", "held_on": DAY,
        "venue": "活动室二楼", "starts_at": "10:00", "ends_at": "12:00",
    }  # fmt: skip
    body = json.dumps({"values": values})
    refused = client_of(world.one).post("/api/v1/c/wutong/activity/", body, content_type="application/json")
    assert refused.status_code == 422 and "已经安排了“讲座”" in refused.json()["errors"][0]["message"]


def test_what_does_not_meet_is_taken() -> None:
    world = yard()
    activity(world, "讲座", "09:30", "11:00")
    activity(world, "合唱", "11:00", "12:00")
    activity(world, "书画", "09:30", "11:00", venue="中心广场")
    activity(world, "棋牌", "09:30", "11:00", held_on=NEXT)
    activity(world, "没有写时间的")
    past = (today() - timedelta(days=1)).isoformat()
    activity(world, "昨天的讲座", "09:30", "11:00", held_on=past)
    activity(world, "昨天的合唱", "09:30", "11:00", held_on=past)  # what was, is written as it was


def test_moving_and_changing_are_judged_too_and_what_is_called_off_leaves_the_room() -> None:
    world = yard()
    lecture = activity(world, "讲座", "09:30", "11:00")
    choir = activity(world, "合唱", "10:00", "11:30", held_on=NEXT)
    with pytest.raises(Refused) as refused:
        make_step(acting_user=world.one, pk=choir.pk, revision=None, code="move", written={"held_on": DAY}, note="改期")
    assert "讲座" in refused.value.errors["held_on"]
    change_entry(
        acting_user=world.one, pk=lecture.pk, revision=None, written={"ends_at": "11:30"}
    )  # itself is no other
    make_step(acting_user=world.one, pk=lecture.pk, revision=None, code="cancel", written={}, note="老师有事")
    make_step(acting_user=world.one, pk=choir.pk, revision=None, code="move", written={"held_on": DAY}, note="改期")


def test_what_comes_back_finds_its_room_taken() -> None:
    world = yard()
    lecture = activity(world, "讲座", "09:30", "11:00")
    withdraw_entry(acting_user=world.one, pk=lecture.pk, revision=None, reason="记错了")
    activity(world, "合唱", "10:00", "11:30")
    with pytest.raises(Refused, match="已经安排了“合唱”"):
        restore_entry(acting_user=world.one, pk=lecture.pk, revision=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_has_the_room() -> None:
    world = yard()

    def asks(name: str) -> bool:
        try:
            activity(world, name, "10:00", "11:30")
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            activity(world, "讲座", "09:30", "11:00")
            second = pool.submit(asks, "合唱")
            time.sleep(0.5)
        assert second.result(timeout=20) is False
