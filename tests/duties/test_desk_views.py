"""The pages of the desk, handing out, leave and duties: who may open them, what they show, what their forms do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.duties.actions import hand_out as handing
from nianlun.duties.actions import leaves, work
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.models import Duty, Leave, Mode, Occurrence
from nianlun.places.models import User
from nianlun.plans.models import ItemText
from tests.duties import make
from tests.duties.make import DAILY, WEEKLY, Wanted, World
from tests.places import make as places

HOME = "/c/wutong"


def by(month: int, day: int) -> dict[str, Any]:
    return {"kind": "deadline", "month": month, "day": day}


@pytest.fixture
def busy(world: World) -> World:
    """Four duties of the worker for welfare: late, today, this week and later; and one that is with nobody."""
    with make.at(2027, 3, 1):
        world.adopt(
            Wanted("迟了的事", "welfare", [by(3, 5)], ["民政专干"]),
            Wanted("今天的事", "welfare", [by(3, 10)], ["民政专干"]),
            Wanted("本周的事", "elderly", [by(3, 12)], ["民政专干"]),
            Wanted("以后的事", "elderly", [by(4, 2)], ["民政专干"]),
            Wanted("没人的事", "safety", [by(3, 12)], ["社区民警"]),
        )
    return world


def see(client: Client, user: User, address: str, **query: str) -> str:
    client.force_login(user)
    answer = client.get(HOME + address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def section(page: str, code: str) -> str:
    """The HTML of one list of the desk."""
    found = page.partition(f'id="h-{code}"')[2]
    return found.partition("</section>")[0]


def test_the_desk_sorts_by_day_and_shows_only_ones_own(client: Client, busy: World) -> None:
    page = see(client, busy.welfare, "/desk/")
    for code, title in (("late", "迟了的事"), ("today", "今天的事"), ("week", "本周的事"), ("coming", "以后的事")):
        assert title in section(page, code)
    assert "逾期5天" in section(page, "late")
    assert "没人的事" not in page
    assert "2027年3月10日 周三 · 农历二月初三" in page
    assert "早上好，welfare" in page
    assert "迟了的事" not in see(client, busy.grid1, "/desk/")


def test_a_worker_cannot_look_at_others_by_the_address(client: Client, busy: World) -> None:
    for whose in ("all", "none", str(busy.welfare.pk)):
        assert "迟了的事" not in see(client, busy.grid1, "/desk/", whose=whose)


def test_the_secretary_sees_everybodys_one_persons_and_nobodys(client: Client, busy: World) -> None:
    assert "没人的事" in see(client, busy.boss, "/desk/", whose="all")
    nobody = see(client, busy.boss, "/desk/", whose="none")
    assert "没人的事" in nobody and "迟了的事" not in nobody
    person = see(client, busy.boss, "/desk/", whose=str(busy.welfare.pk))
    assert "迟了的事" in person and "没人的事" not in person


def test_the_subdistrict_reads_and_touches_nothing(client: Client, busy: World) -> None:
    officer = places.officer(of=busy.home.subdistrict)
    page = see(client, officer, "/desk/")
    assert "迟了的事" in page and 'name="chosen"' not in page
    one = busy.first("迟了的事")
    assert 'name="revision"' not in see(client, officer, f"/occurrences/{one.pk}/")


def addresses(world: World) -> list[tuple[str, str, str]]:
    """(method, address, whom it refuses with 403) of every page of this half of the room."""
    one, duty = world.first("今天的事"), world.duty("今天的事")
    leave = Leave.objects.create(
        community=world.home, user=world.grid1, stand_in=world.grid2, starts_on=date(2027, 3, 10),
        ends_on=date(2027, 3, 11),
    )  # fmt: skip
    return [
        ("get", "/desk/", ""),
        ("get", "/desk/week/", ""),
        ("post", "/desk/done/", "officer"),
        ("get", f"/occurrences/{one.pk}/", ""),
        *(("post", f"/occurrences/{one.pk}/{act}/", "officer") for act in ("done", "take", "hand-over", "postpone")),
        ("get", "/handing-out/", "worker"),
        ("post", "/handing-out/hand-out/", "worker"),
        ("post", "/handing-out/words/", "worker"),
        ("get", "/leave/", "officer"),
        ("post", f"/leave/{leave.pk}/cancel/", "officer"),
        ("post", f"/leave/{leave.pk}/restore/", "officer"),
        ("get", f"/duties/{duty.pk}/", ""),
        ("get", f"/duties/{duty.pk}/edit/", "worker"),
        ("post", f"/duties/{duty.pk}/call-off/", "worker"),
    ]


def test_a_stranger_finds_nothing_and_the_wrong_post_is_refused(client: Client, busy: World) -> None:
    refused = {"worker": busy.grid1, "officer": places.officer(of=busy.home.subdistrict)}
    for method, address, whom in addresses(busy):
        client.force_login(busy.stranger)
        assert getattr(client, method)(HOME + address).status_code == 404, address
        if whom:
            client.force_login(refused[whom])
            data = {"revision": "1", "reason": "x"}
            assert getattr(client, method)(HOME + address, data).status_code == 403, address


def test_records_of_another_community_are_not_there(client: Client, busy: World) -> None:
    one, duty = busy.first("今天的事"), busy.duty("今天的事")
    client.force_login(busy.stranger)
    for address in (f"/occurrences/{one.pk}/", f"/duties/{duty.pk}/"):
        assert client.get("/c/faraway" + address).status_code == 404
    assert client.post(f"/c/faraway/occurrences/{one.pk}/done/", {"revision": "1"}).status_code == 404
    answer = client.post("/c/faraway/desk/done/", {"chosen": f"{one.pk}:1", "done_on": "2027-03-10"})
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.status == "open"


def test_one_tap_does_it_and_one_takes_it_back(client: Client, busy: World) -> None:
    one = busy.first("今天的事")
    client.force_login(busy.welfare)
    shown = client.post(f"{HOME}/desk/done/", {"only": f"{one.pk}:1"}, follow=True).content.decode()
    assert "已完成 1 项" in shown and "今天的事" in section(shown, "done")
    rows = shown.partition('name="rows" value="')[2].partition('"')[0]
    assert "撤销" not in client.get(f"{HOME}/desk/").content.decode()  # offered once
    shown = client.post(f"{HOME}/undo/", {"rows": rows}, follow=True).content.decode()
    assert "今天的事" in section(shown, "today")


def test_several_are_done_with_one_date_and_note(client: Client, busy: World) -> None:
    late, now = busy.first("迟了的事"), busy.first("今天的事")
    client.force_login(busy.welfare)
    data = {"chosen": [f"{late.pk}:1", f"{now.pk}:7"], "done_on": "2027-03-05", "note": "一起办了"}
    shown = client.post(f"{HOME}/desk/done/", data, follow=True).content.decode()
    assert "已完成 1 项" in shown and "“今天的事”没有登记" in shown
    late.refresh_from_db()
    assert (late.done_on, late.note) == (date(2027, 3, 5), "一起办了")
    page = see(client, busy.welfare, f"/occurrences/{late.pk}/")
    assert "按时" in page and "补录" in page


@pytest.mark.parametrize(
    "data", [{}, {"chosen": "x:1", "done_on": "2027-03-10"}, {"only": "1"}, {"chosen": [], "done_on": "bad"}]
)
def test_forms_sent_wrong_are_refused_and_change_nothing(client: Client, busy: World, data: dict[str, Any]) -> None:
    client.force_login(busy.welfare)
    assert client.post(f"{HOME}/desk/done/", data).status_code == 422
    assert not Occurrence.objects.filter(status="done").exists()


def test_an_occurrences_page_does_everything(
    client: Client,
    busy: World,
) -> None:
    one = busy.first("今天的事")
    at, text = f"/occurrences/{one.pk}/", ItemText.objects.get(item=one.duty.item)
    page = see(client, busy.welfare, at)
    assert "<mark>今天的事</mark>" in page and f"/v/1/#i-{text.pk}" in page and "3月10日" in page
    data: dict[str, Any] = {"revision": 1, "postpone-until": "2027-03-12", "postpone-reason": "人不在"}
    shown = client.post(f"{HOME}{at}postpone/", data, follow=True).content.decode()
    assert "延至3月12日（周五），原3月10日" in shown and "人不在" in shown
    data = {"revision": 2, "over-to": str(busy.grid2.pk), "over-reason": "顺路"}
    shown = client.post(f"{HOME}{at}hand-over/", data, follow=True).content.decode()
    assert "welfare转交" in shown and "转交给grid2" in shown
    client.force_login(busy.grid2)
    data = {
        "revision": 3, "done-done_on": "2027-03-10", "done-note": "三户都去了",
        "done-papers": [SimpleUploadedFile("记录.txt", b"ok"), SimpleUploadedFile("签到.txt", b"ok")],
    }  # fmt: skip
    shown = client.post(f"{HOME}{at}done/", data, follow=True).content.decode()
    assert "三户都去了" in shown and "记录.txt" in shown and "签到.txt" in shown
    one.refresh_from_db()
    assert (one.done_by, one.status) == (busy.grid2, "done")
    file = one.attachments.order_by("name").first()
    assert file is not None
    answer = client.get(f"{HOME}/attachments/{file.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"ok"  # type: ignore[attr-defined]
    client.force_login(busy.stranger)
    assert client.get(f"{HOME}/attachments/{file.pk}/").status_code == 404


def test_what_was_filled_in_stays_when_it_is_refused(client: Client, busy: World) -> None:
    one = busy.first("今天的事")
    client.force_login(busy.welfare)
    forms = {
        "done": ({"done-done_on": "2027-03-11", "done-note": "明天才做"}, ["不能晚于今天", "明天才做"]),
        "postpone": ({"postpone-until": "2027-03-09", "postpone-reason": "下雨"}, ["不能早于今天", "下雨"]),
        "hand-over": ({"over-to": str(busy.stranger.pk), "over-reason": "顺路"}, ["顺路"]),
    }
    for act, (data, said) in forms.items():
        answer = client.post(f"{HOME}/occurrences/{one.pk}/{act}/", {"revision": 1, **data})
        assert answer.status_code == 422
        assert all(words in answer.content.decode() for words in said), act


def test_a_stale_page_gets_409_with_both_sides(client: Client, busy: World) -> None:
    one = busy.first("今天的事")
    work.postpone(acting_user=busy.boss, pk=one.pk, revision=1, to=date(2027, 3, 12), reason="人不在")
    client.force_login(busy.welfare)
    data = {"revision": 1, "done-done_on": "2027-03-10", "done-note": "我做了"}
    answer = client.post(f"{HOME}/occurrences/{one.pk}/done/", data)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "我做了" in shown and "延至：2027-03-12" in shown


def test_everybodys_work_shows_how_many_have_done_it(client: Client, world: World) -> None:
    world.adopt(Wanted("参加培训", owners=["网格员"], schedules=[by(3, 12)]))
    handing.map_word(
        acting_user=world.boss, community=world.home, word="网格员",
        to=Whom(post_title="网格员", mode=Mode.ALL), seen=Whom(post_title="网格员"),
    )  # fmt: skip
    one = world.first("参加培训")
    work.do(acting_user=world.grid1, pk=one.pk, revision=1, done_on=date(2027, 3, 10))
    assert "参加培训" not in section(see(client, world.grid1, "/desk/"), "week")
    assert "已完成 1/2 人" in see(client, world.grid2, "/desk/")
    assert "1/2 人" in see(client, world.boss, f"/occurrences/{one.pk}/")


def test_a_groups_work_is_taken_from_the_desk(client: Client, world: World) -> None:
    world.adopt(Wanted("巡逻", owners=["巡逻队"], schedules=[by(3, 12)]))
    one = world.first("巡逻")
    assert f"/occurrences/{one.pk}/take/" in see(client, world.grid1, "/desk/")
    client.post(f"{HOME}/occurrences/{one.pk}/take/", {"revision": 1, "next": f"{HOME}/desk/"})
    assert "巡逻" in see(client, world.grid1, "/desk/")
    assert "巡逻</a>" not in see(client, world.welfare, "/desk/")


def test_the_desk_says_for_whom_one_stands_in(client: Client, busy: World) -> None:
    leaves.make_leave(
        acting_user=busy.boss, community=busy.home, user=busy.welfare, stand_in=busy.grid1,
        starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 12),
    )  # fmt: skip
    assert see(client, busy.grid1, "/desk/").count("代welfare") == 3
    mine = see(client, busy.welfare, "/desk/")
    assert section(mine, "away").count("grid1代班") == 3 and "以后的事" in section(mine, "coming")


@pytest.mark.parametrize("address", ["/desk/?whose=all", "/desk/", "/handing-out/", "/desk/week/?whose=all"])
def test_more_rows_ask_no_more_questions(client: Client, world: World, address: str) -> None:
    client.force_login(world.boss)

    def count() -> int:
        client.get(HOME + address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(HOME + address).status_code == 200
        return len(asked)

    version = world.adopt(Wanted("甲", owners=["社区书记"], schedules=[WEEKLY]))
    few = count()
    items = [item.item for item in version.items.all()]
    more = [Wanted(f"任务{n}", owners=["网格员", "社区书记", "巡逻队"], schedules=[DAILY]) for n in range(12)]
    world.adopt(Wanted("甲", owners=["社区书记"], schedules=[WEEKLY], item=items[0]), *more, plan=version.plan)
    assert count() == few


# --- handing out and leave


def test_handing_out_a_selection_and_mapping_a_word(client: Client, busy: World) -> None:
    page = see(client, busy.boss, "/handing-out/")
    assert "社区民警（未对应）" in page and "按岗位名称自动对应" in page and "待分工 1" in page
    assert "没人的事" in see(client, busy.boss, "/handing-out/", who="none")
    assert "迟了的事" not in see(client, busy.boss, "/handing-out/", line="safety")
    data = {"word": "社区民警", "to": f"user:{busy.grid2.pk}", "mode": "any", "seen": "", "seen_mode": "any"}
    shown = client.post(f"{HOME}/handing-out/words/", data, follow=True).content.decode()
    assert "待分工 0" in shown
    welfare = list(Duty.objects.filter(line="welfare"))
    chosen = [f"{duty.pk}:{duty.revision}" for duty in welfare]
    data = {"chosen": chosen, "to": f"body:{busy.team.pk}", "mode": "all"}  # type: ignore[dict-item]
    shown = client.post(f"{HOME}/handing-out/hand-out/", data, follow=True).content.decode()
    assert "已分出 2 项任务" in shown and shown.count("巡逻队（每人都做）") == 2
    rows = shown.partition('name="rows" value="')[2].partition('"')[0]
    shown = client.post(f"{HOME}/undo/", {"rows": rows, "next": f"{HOME}/handing-out/"}, follow=True).content.decode()
    assert "巡逻队（每人都做）" not in shown


def test_nothing_chosen_is_told(client: Client, busy: World) -> None:
    client.force_login(busy.boss)
    assert client.post(f"{HOME}/handing-out/hand-out/", {"to": f"user:{busy.grid2.pk}"}).status_code == 422
    assert client.post(f"{HOME}/handing-out/hand-out/", {"chosen": "x"}).status_code == 422


def test_leave_is_entered_cancelled_and_restored_on_its_page(client: Client, busy: World) -> None:
    client.force_login(busy.boss)
    data = {
        "user": str(busy.welfare.pk), "stand_in": str(busy.grid1.pk), "starts_on": "2027-03-10",
        "ends_on": "2027-03-12", "reason": "年休假",
    }  # fmt: skip
    assert "代班中" in client.post(f"{HOME}/leave/", data, follow=True).content.decode()
    again = client.post(f"{HOME}/leave/", data)
    assert again.status_code == 422 and "日期不能重叠" in again.content.decode()
    leave = Leave.objects.get()
    assert "已取消" in client.post(f"{HOME}/leave/{leave.pk}/cancel/", {"revision": 1}, follow=True).content.decode()
    assert "代班中" in client.post(f"{HOME}/leave/{leave.pk}/restore/", {"revision": 2}, follow=True).content.decode()


# --- duties added by hand


def test_a_duty_is_added_changed_and_called_off(client: Client, world: World) -> None:
    client.force_login(world.boss)
    data: dict[str, Any] = {
        "origin": "charged", "title": "迎接文明城市复查", "line": "culture", "rhythm": "by", "starts_on": "2027-03-10",
        "ends_on": "2027-03-12", "assignee": f"user:{world.welfare.pk}", "mode": "any",
        "source_title": "关于迎检的通知", "source_file": SimpleUploadedFile("通知.pdf", b"%PDF-1.7"),
    }  # fmt: skip
    shown = client.post(f"{HOME}/duties/new/", data, follow=True).content.decode()
    assert "计划外" in shown and "上级交办 · boss" in shown and "关于迎检的通知" in shown
    duty = Duty.objects.get()
    assert "上级交办 · boss" in see(client, world.welfare, "/desk/")
    answer = client.get(f"{HOME}/duties/{duty.pk}/source/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    client.force_login(world.boss)
    data = {**data, "ends_on": "2027-03-19", "revision": "1"}
    del data["source_file"]
    shown = client.post(f"{HOME}/duties/{duty.pk}/edit/", data, follow=True).content.decode()
    assert "3月19日" in shown
    assert client.post(f"{HOME}/duties/{duty.pk}/edit/", data).status_code == 409
    data = {"revision": 2, "reason": "改为线上检查"}
    shown = client.post(f"{HOME}/duties/{duty.pk}/call-off/", data, follow=True).content.decode()
    assert "改为线上检查" in shown


def test_the_subdistrict_may_only_charge_and_a_worker_only_themselves(client: Client, world: World) -> None:
    officer = places.officer(of=world.home.subdistrict)
    page = see(client, officer, "/duties/new/")
    assert "上级交办" in page and "临时任务" not in page
    page = see(client, world.grid1, "/duties/new/")
    assert "上级交办" not in page and str(world.grid2.pk) not in page
    data = {
        "origin": "charged", "title": "甲", "line": "welfare", "rhythm": "by", "starts_on": "2027-03-10",
        "ends_on": "2027-03-12",
    }  # fmt: skip
    assert client.post(f"{HOME}/duties/new/", data).status_code == 422


def test_daily_work_can_be_asked_for_on_weekends_too(client: Client, world: World) -> None:
    world.adopt(Wanted("值班", schedules=[DAILY]))
    duty = world.duty("值班")
    saturday = Occurrence.objects.filter(duty=duty, due_on=date(2027, 3, 13))
    assert not saturday.exists()
    assert "“每天”按工作日安排" in see(client, world.boss, f"/duties/{duty.pk}/")
    at = f"{HOME}/duties/{duty.pk}/daily/"
    shown = client.post(at, {"revision": 1, "every_day": "1"}, follow=True).content.decode()
    assert "每天都做，含周末节假日" in shown and saturday.exists()
    assert client.post(at, {"revision": 1, "every_day": "0"}).status_code == 409
    rows = shown.partition('name="rows" value="')[2].partition('"')[0]
    client.post(f"{HOME}/undo/", {"rows": rows})
    assert not saturday.exists()
    client.force_login(world.grid1)
    assert client.post(at, {"revision": 3, "every_day": "1"}).status_code == 403


def test_files_can_follow_after_the_work_was_recorded(client: Client, busy: World) -> None:
    one = busy.first("今天的事")
    work.do(acting_user=busy.welfare, pk=one.pk, revision=1, done_on=date(2027, 3, 10))
    client.force_login(busy.welfare)
    at = f"{HOME}/occurrences/{one.pk}/papers/"
    data = {"papers": SimpleUploadedFile("签到表.txt", b"ok")}
    assert "签到表.txt" in client.post(at, data, follow=True).content.decode()
    assert client.post(at).status_code == 422
    client.force_login(busy.grid1)
    assert client.post(at, {"papers": SimpleUploadedFile("别的.txt", b"ok")}).status_code == 422
    file = one.attachments.get()
    assert client.post(f"{HOME}/attachments/{file.pk}/remove/").status_code == 403
    client.force_login(busy.welfare)
    assert "已删除" in client.post(f"{HOME}/attachments/{file.pk}/remove/", follow=True).content.decode()


# --- the week


def test_the_week_as_text_and_as_a_sheet(client: Client, busy: World) -> None:
    page = see(client, busy.welfare, "/desk/week/")
    text = page.partition('id="week-text"')[2].partition(">")[2].partition("</textarea>")[0]
    assert text == "\n".join(
        [
            "wutong社区welfare工作安排（3月8日—3月14日）",
            "",
            "【逾期未办】",
            "1. 民政救助｜迟了的事（逾期5天）",
            "",
            "【周三 3月10日】",
            "2. 民政救助｜今天的事",
            "",
            "【周五 3月12日】",
            "3. 养老服务｜本周的事",
        ]
    )
    everybody = see(client, busy.boss, "/desk/week/", whose="all")
    assert "没人的事（待分工）" in everybody and "今天的事（民政专干 welfare）" in everybody
    later = see(client, busy.welfare, "/desk/week/", **{"from": "2027-04-01"})
    assert "以后的事" in later and "迟了的事" not in later
    assert "本周没有到期的任务" in see(client, busy.welfare, "/desk/week/", **{"from": "2027-06-02"})


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nonsense"])
def test_a_week_beyond_the_tables_is_this_week(client: Client, busy: World, day: str) -> None:
    assert "3月8日" in see(client, busy.boss, "/desk/week/", **{"from": day})


@pytest.mark.parametrize("year", ["²", "9" * 5000, "1999"])
def test_handing_out_of_a_year_that_is_none_shows_the_year_that_is(client: Client, busy: World, year: str) -> None:
    assert "没人的事" in see(client, busy.boss, "/handing-out/", year=year)


def test_a_character_that_no_record_can_hold_is_refused_and_said(client: Client, busy: World) -> None:
    client.force_login(busy.boss)
    answer = client.post(HOME + "/handing-out/words/", {"word": "网格\0员", "to": ""})
    assert answer.status_code == 422
    assert "无法保存的字符" in answer.content.decode()


def test_a_form_from_before_a_new_sign_in_says_what_to_do(busy: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(busy.boss)
    answer = strict.post(HOME + "/feed/make/")
    assert answer.status_code == 403
    assert "刷新后再提交一次" in answer.content.decode()
