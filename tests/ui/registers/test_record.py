"""A record's page and its history."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from nianlun.kernel import audit
from nianlun.kernel.fields import Field
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, Estate, PostKind, User
from nianlun.ui import slots
from nianlun.ui.registers.changes import changes
from tests.places import make
from tests.ui.registers.conftest import plot, send
from tests.ui.registers.plots import Plots

pytestmark = pytest.mark.django_db
NEW = "/c/wutong/plots/new/"


def page_of(one: Estate, more: str = "") -> str:
    return f"/c/wutong/plots/{one.pk}/{more}"


def added(client: Client, **told: str) -> Estate:
    answer = send(client, NEW, {"name": "甲地", "code": "a", "kind": "old", "phone": "13812345678", **told})
    assert answer.status_code == 302, answer.content.decode()
    return Estate.objects.get(code=told.get("code", "a"))


def edited(client: Client, one: Estate, **told: str) -> None:
    answer = send(client, page_of(one, "edit/"), {"revision": one.revision, **told})
    assert answer.status_code == 302, answer.content.decode()
    one.refresh_from_db()


def test_a_record_shows_its_fields_in_words_and_masks_what_is_secret(at_desk: Client) -> None:
    one = added(at_desk)
    page = at_desk.get(page_of(one)).content.decode()
    assert "甲地" in page and "老旧小区" in page and "138****5678" in page and "13812345678" not in page
    assert page.index("基本信息") < page.index("联系") and f'href="{page_of(one, "edit/")}"' in page


def test_a_record_of_another_place_does_not_exist(at_desk: Client, home: Community) -> None:
    there = make.community("far", of=make.subdistrict("other"))
    other = plot(there, "别处")
    for more in ("", "edit/", "history/"):
        assert at_desk.get(page_of(other, more)).status_code == 404
        assert at_desk.get(f"/c/far/plots/{other.pk}/{more}").status_code == 404
        assert at_desk.get(f"/c/wutong/plots/{uuid4()}/{more}").status_code == 404


def test_whoever_may_not_edit_sees_no_button_and_no_form(home: Community, boss: User, client: Client) -> None:
    one = plot(home, "甲")
    client.force_login(make.worker("grid", at=home, kind=PostKind.GRID_WORKER))
    page = client.get(page_of(one)).content.decode()
    assert "修改</a>" not in page and "电话" not in page  # kept from this post
    assert client.get(page_of(one, "edit/")).status_code == 403 == client.get(NEW).status_code


def test_a_record_that_stands_for_another_is_shown_instead(
    at_desk: Client, home: Community, plots: Plots, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = plot(home, "甲")
    monkeypatch.setattr(Plots, "instead_of", lambda self, pk, viewer: kept)
    answer = at_desk.get(f"/c/wutong/plots/{uuid4()}/")
    assert answer.status_code == 302 and answer["Location"] == page_of(kept)


def test_other_rooms_add_parts_and_show_secrets(
    at_desk: Client, home: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        slots, "_slots", defaultdict(list, {slot: [*fillings] for slot, fillings in slots._slots.items()})
    )
    one = added(at_desk)

    def part(request: Any, *, register: Plots, row: Estate) -> str:
        return mark_safe(f"<section>台账 {register.code} {row.name}</section>")

    def button(request: Any, *, register: Plots, row: Estate, field: Field, mask: str) -> str:
        return mark_safe(f"<span>{mask}<button>看{field.title}</button></span>")

    slots.fill("record_parts", part)
    slots.fill("secret_shown", button)
    page = at_desk.get(page_of(one)).content.decode()
    assert "台账 plots 甲地" in page and "<button>看电话</button>" in page


def test_the_history_tells_who_changed_what_and_of_secrets_only_that(at_desk: Client, boss: User) -> None:
    one = added(at_desk)
    edited(at_desk, one, name="乙地", phone="13900001111")
    page = at_desk.get(page_of(one, "history/")).content.decode()
    assert page.index("修改") < page.index("登记") and boss.name in page
    assert "</span>甲地</del>" in page and "</span>乙地</ins>" in page
    assert "电话</span>已修改" in page and "1390000" not in page and "1381234" not in page
    kept = str(list(AuditRow.objects.filter(record_id=one.pk).values_list("detail", flat=True)))
    assert "13900001111" not in kept and "13812345678" not in kept and "****" not in kept


def test_the_history_of_a_field_is_kept_from_whom_the_field_is_kept(at_desk: Client, home: Community) -> None:
    one = added(at_desk)
    grid = Client()
    grid.force_login(make.worker("grid", at=home, kind=PostKind.GRID_WORKER))
    page = grid.get(page_of(one, "history/")).content.decode()
    assert "登记" in page and "名称" in page and "电话" not in page


def test_a_long_history_is_paged_and_asks_as_often_as_a_short_one(at_desk: Client, home: Community, boss: User) -> None:
    one = plot(home, "甲")

    def act(number: int) -> None:
        with transaction.atomic():
            audit.record(
                "plot.thing" if number % 2 else "plot.changed",
                actor_id=boss.pk if number else None,
                kind="estate",
                record_id=one.pk,
                subdistrict_id=None,
                detail={"changes": "odd"} if number % 3 else {"source": "sheet:1"},
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            at_desk.get(page_of(one, "history/"))
        return len(asked)

    assert "还没有修改记录" in at_desk.get(page_of(one, "history/")).content.decode()
    for number in range(2):
        act(number)
    few = queries()
    for number in range(2, 45):
        act(number)
    assert queries() == few
    page = at_desk.get(page_of(one, "history/")).content.decode()
    assert page.count("<time") == 20 and "其他操作" in page and "表格导入" in page
    seen = 20
    while "较早的" in page:
        cursor = page.split('rel="next" href="?cursor=')[1].split('"')[0]
        page = at_desk.get(page_of(one, f"history/?cursor={cursor}")).content.decode()
        seen += page.count("<time")
    assert seen == 45 and "系统" in page
    assert at_desk.get(page_of(one, "history/?cursor=x")).status_code == 302


def test_changes_tell_old_and_new_in_words() -> None:
    fields = (
        Field("name", "名称"),
        Field("kind", "类别", "choice", choices={"a": "甲类"}),
        Field("phone", "电话", "phone"),
        Field("many", "数", "integer"),
        Field("told", "说", "yes_no"),
    )
    before = {"name": "旧", "kind": None, "phone": b"1", "many": 0, "told": True}
    after = {"name": "新", "kind": "a", "phone": b"2", "many": None, "told": True}
    told = changes(fields, before, after)
    assert told == {"name": ["旧", "新"], "kind": ["", "甲类"], "phone": ["", "changed"], "many": ["0", ""]}
    assert changes(fields, before, {}) == {} == changes(fields, before, before)
