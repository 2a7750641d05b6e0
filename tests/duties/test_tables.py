"""The tables of holidays and named days on the web: who may edit, what an edit does, and what two people's edits do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks

from nianlun.duties import jobs
from nianlun.duties.actions import tables as acts
from nianlun.duties.calendar.shipped import named_day_rules, shipped_tables
from nianlun.duties.effect import moved_by
from nianlun.duties.forms_tables import KINDS, NamedDayForm
from nianlun.duties.models import Holiday, HolidayYear, NamedDay, Occurrence
from nianlun.duties.rule_words import lunar_day_said, rule_said
from nianlun.duties.tables import current_tables, named_rows, shipped_year, year_table
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import PostKind, User
from tests.duties.make import MONTHLY, Wanted, World
from tests.places import make

pytestmark = pytest.mark.django_db
LIST, NAMES = "/tables/holidays/", "/tables/days/"
MARCH = acts.SpecialDayGiven(date(2027, 3, 31), "试行假", off=True)


@pytest.fixture
def admin(world: World) -> User:
    return make.officer("admin", of=world.home.subdistrict, kind=PostKind.ADMINISTRATOR)


@pytest.fixture
def at_desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def posted(**changes: Any) -> dict[str, Any]:
    return {"day": "2027-03-31", "kind": "off", "name": "试行假", **changes}


def named(**changes: Any) -> dict[str, Any]:
    return {"name": "邻里节", "rhythm": "fixed", "month": "4", "day": "18", "days": "1", "aliases": "", **changes}


# --- who may do what


def test_everybody_reads_and_administrators_alone_edit(world: World, client: Client) -> None:
    assert client.get(LIST).status_code == 302  # to the sign-in
    edits = [
        (f"{LIST}new/", posted()),
        (f"{LIST}2027-01-01/", posted(revision="0")),
        (f"{LIST}2027-01-01/delete/", {"revision": "0"}),
        (f"{LIST}2027/confirm/", {"revision": "0"}),
        (f"{LIST}2027/reset/", {"revision": "0"}),
        (f"{NAMES}new/", named()),
        (f"{NAMES}named/重阳节/", named(revision="0")),
        (f"{NAMES}named/重阳节/reset/", {"revision": "0"}),
    ]
    for person in (world.boss, world.grid1, make.officer("jiedao", of=world.home.subdistrict)):
        client.force_login(person)
        for page in (LIST, NAMES):
            shown = client.get(page)
            assert shown.status_code == 200 and f"{page}new/" not in shown.content.decode()
        assert {client.post(address, data).status_code for address, data in edits} == {403}
        assert {client.get(f"{page}new/").status_code for page in (LIST, NAMES)} == {403}
    assert not HolidayYear.objects.exists() and not NamedDay.objects.exists()


# --- holidays


def test_the_first_edit_of_a_year_copies_it_whole(at_desk: Client) -> None:
    shipped = [(row.day, row.name, row.off) for row in shipped_year(2027)]
    assert at_desk.post(f"{LIST}new/", posted()).status_code == 302
    stored = Holiday.objects.filter(day__year=2027).values_list("day", "name", "off")
    assert sorted(stored) == sorted([*shipped, (MARCH.day, "试行假", True)])
    assert year_table(2026).edited is False
    assert current_tables([2027]).holidays.is_working(MARCH.day) is False


def test_a_year_nobody_edited_is_as_shipped() -> None:
    for year in (2026, 2027):
        assert current_tables([year]).holidays.rows == shipped_tables(year).holidays.rows
        assert current_tables([year]).named_days == shipped_tables(year).named_days


def test_a_day_of_the_edited_year_alone_is_deleted(at_desk: Client) -> None:
    at_desk.post(f"{LIST}2027-01-01/delete/", {"revision": "0"})
    holidays = current_tables([2026, 2027]).holidays
    assert holidays.is_working(date(2027, 1, 1)) and not holidays.is_working(date(2026, 1, 1))


def test_the_last_row_may_go_and_the_year_is_still_peoples_own(at_desk: Client, admin: User) -> None:
    for row in shipped_year(2027):
        acts.delete_day(acting_user=admin, day=row.day, revision=0)
    assert year_table(2027).rows == [] and year_table(2027).edited
    assert current_tables([2027]).holidays.is_working(date(2027, 10, 1))
    assert at_desk.get(f"{LIST}?year=2027").status_code == 200


def test_a_day_changes_its_name_kind_and_date(at_desk: Client, admin: User) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    changed = posted(day="2027-03-28", kind="work", name="清明节", revision="1")  # a Sunday
    assert at_desk.post(f"{LIST}2027-03-31/", changed).status_code == 302
    holidays = current_tables([2027]).holidays
    assert holidays.is_working(date(2027, 3, 28)) and holidays.is_working(MARCH.day)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "2027-01-01"}, "已在表中"),
        ({"kind": "work"}, "本来就上班"),
        ({"day": ""}, "这个字段是必填项"),
        ({"day": "1890-01-01"}, "年份要在"),
        ({"name": " "}, "这个字段是必填项"),
    ],
)
def test_what_cannot_be_is_refused_and_said(at_desk: Client, changes: dict[str, str], said: str) -> None:
    answer = at_desk.post(f"{LIST}new/", posted(**changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Holiday.objects.filter(name="试行假").exists()


def test_confirming_a_year_clears_tentative_and_the_marks(world: World, at_desk: Client) -> None:
    assert year_table(2027).tentative
    assert "有暂定的日子" in at_desk.get(f"{LIST}?year=2027").content.decode()
    assert at_desk.post(f"{LIST}2027/confirm/", {"revision": "0"}).status_code == 302
    assert not year_table(2027).tentative
    shown = at_desk.get(f"{LIST}?year=2027").content.decode()
    assert "有暂定的日子" not in shown and "确认本年" not in shown


def test_reset_brings_the_shipped_year_back_and_keeps_what_was_in_the_trail(at_desk: Client, admin: User) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    at_desk.post(f"{LIST}2027/reset/", {"revision": "1"})
    assert current_tables([2027]).holidays.rows == shipped_tables(2027).holidays.rows
    row = AuditRow.objects.get(action="holiday.reset")
    assert (row.actor_id, row.record_id) == (admin.pk, acts.record_of_year(2027))
    assert "2027-03-31 试行假 放假" in row.detail["before"]


def test_two_people_at_one_day_are_told_of_each_other(at_desk: Client, admin: User) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    acts.change_day(
        acting_user=admin, day=MARCH.day, revision=1, given=acts.SpecialDayGiven(MARCH.day, "邻里假", off=True)
    )
    late = at_desk.post(f"{LIST}2027-03-31/", posted(name="我的假", revision="1"))
    shown = late.content.decode()
    assert late.status_code == 409 and "邻里假 放假" in shown and "我的假 放假" in shown
    assert Holiday.objects.get(day=MARCH.day).name == "邻里假"


def test_two_people_at_two_days_do_not_clash(admin: User) -> None:
    acts.delete_day(acting_user=admin, day=date(2027, 1, 1), revision=0)
    acts.delete_day(acting_user=admin, day=date(2027, 5, 1), revision=0)
    assert year_table(2027).revision == 2


def test_an_old_page_of_a_year_confirms_and_resets_nothing(at_desk: Client, admin: User) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    for what in ("confirm", "reset"):
        answer = at_desk.post(f"{LIST}2027/{what}/", {"revision": "0"})
        assert answer.status_code == 409 and "试行假" in answer.content.decode()
    assert year_table(2027).edited and year_table(2027).tentative


def test_a_row_seen_before_a_reset_is_not_the_row_made_after_it(admin: User) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    acts.reset_year(acting_user=admin, year=2027, revision=1)
    acts.add_day(acting_user=admin, given=acts.SpecialDayGiven(MARCH.day, "另一个", off=True))
    with pytest.raises(StaleRevision):
        acts.delete_day(acting_user=admin, day=MARCH.day, revision=1)


def test_someone_else_deleted_the_day(at_desk: Client, admin: User) -> None:
    acts.delete_day(acting_user=admin, day=date(2027, 1, 1), revision=0)
    assert at_desk.post(f"{LIST}2027-01-01/", posted(revision="0")).status_code == 409
    assert at_desk.get(f"{LIST}2027-01-01/").status_code == 404
    assert at_desk.get(f"{LIST}no-day/").status_code == 404


# --- what follows an edit


def test_an_edit_says_what_it_would_move_and_moves_nothing_yet(world: World, at_desk: Client) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人", schedules=[MONTHLY]))
    shown = at_desk.post(f"{LIST}new/", posted(preview="1")).content.decode()
    assert "将有 2 次任务的日期改变" in shown and "还没有保存" in shown
    assert not Holiday.objects.exists() and not AuditRow.objects.filter(kind="holiday_year").exists()
    ahead = at_desk.post(f"{LIST}new/", posted(day="2027-03-27", preview="1")).content.decode()  # a Saturday anyway
    assert "没有任务的日期改变" in ahead


def test_the_count_is_the_number_of_days_that_move(world: World, admin: User) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人"), Wanted("理论学习", schedules=[]))
    before = dict(Occurrence.objects.values_list("pk", "due_on"))
    count = moved_by(lambda: acts.add_day(acting_user=admin, given=MARCH))
    acts.add_day(acting_user=admin, given=MARCH)
    jobs.materialise_all()
    after = dict(Occurrence.objects.values_list("pk", "due_on"))
    assert count == sum(before[pk] != after[pk] for pk in before) == 2


def test_a_job_brings_every_community_in_line(
    world: World, admin: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    world.adopt(Wanted("检查消防通道"))
    with django_capture_on_commit_callbacks(execute=True):
        acts.add_day(acting_user=admin, given=MARCH)
        acts.delete_day(acting_user=admin, day=date(2027, 1, 1), revision=0)
    assert ProcrastinateJob.objects.filter(task_name="duties.follow_tables", status="todo").count() == 1
    assert world.first("检查消防通道").due_on == date(2027, 3, 31)
    jobs.follow_tables()
    assert world.first("检查消防通道").due_on == date(2027, 3, 30)


# --- named days


def test_the_list_says_the_rule_and_the_days_of_a_year(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    shown = client.get(NAMES, {"q": "重阳", "year": "2027"}).content.decode()
    assert "农历九月初九" in shown and "10月8日（周五）" in shown and "九九重阳" in shown
    assert "没有找到" in client.get(NAMES, {"q": "没有这样的日子"}).content.decode()


@pytest.mark.parametrize(("few", "many"), [(f"{NAMES}?q=重阳", NAMES), (f"{LIST}?year=2039", f"{LIST}?year=2027")])
def test_the_length_of_a_list_does_not_change_the_number_of_queries(
    at_desk: Client, admin: User, few: str, many: str
) -> None:
    acts.add_day(acting_user=admin, given=MARCH)
    for row in shipped_year(2039):
        acts.delete_day(acting_user=admin, day=row.day, revision=0)
    at_desk.get(few)
    with CaptureQueriesContext(connection) as short:
        at_desk.get(few)
    with CaptureQueriesContext(connection) as long:
        at_desk.get(many)
    assert len(short) == len(long) <= 8


@pytest.mark.parametrize(
    ("form", "said", "day"),
    [
        ({}, "每年4月18日", date(2027, 4, 18)),
        ({"days": "3"}, "每年4月18日起3天", date(2027, 4, 18)),
        ({"rhythm": "range", "to_month": "5", "to_day": "2"}, "每年4月18日至5月2日", date(2027, 4, 18)),
        ({"rhythm": "range", "to_month": "2", "to_day": "2"}, "每年4月18日至次年2月2日", date(2027, 4, 18)),
        ({"rhythm": "week"}, "每年4月18日所在的一周", date(2027, 4, 12)),
        ({"rhythm": "nth", "nth": "-1", "weekday": "7"}, "每年4月最后一个周日", date(2027, 4, 25)),
        ({"rhythm": "lunar", "lunar_month": "3", "lunar_day": "3"}, "农历三月初三", date(2027, 4, 9)),
        ({"rhythm": "term", "term": "谷雨"}, "谷雨（节气）当天", date(2027, 4, 20)),
        ({"tentative": "on"}, "每年4月18日，每年另行公布", date(2027, 4, 18)),
    ],
)
def test_each_kind_of_rule_is_filled_in(at_desk: Client, form: dict[str, str], said: str, day: date) -> None:
    assert at_desk.post(f"{NAMES}new/", named(**form)).status_code == 302
    rule = current_tables([2027]).named_days.rule("邻里节")
    assert rule is not None and rule_said(rule) == said and rule.spans(2027)[0].start == day
    assert said in at_desk.get(NAMES, {"q": "邻里节"}).content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"month": "2", "day": "30"}, "2月没有30日"),
        ({"rhythm": "term"}, "请选择"),
        ({"rhythm": "range", "to_month": "6", "to_day": "31"}, "6月没有31日"),
        ({"name": "重阳节"}, "已在表中"),
        ({"name": "邻里 节"}, "名称里不要有空格"),
        ({"aliases": "邻居节、重阳"}, "已经用来指“重阳节”"),
        ({"rhythm": "often"}, "选择"),
    ],
)
def test_a_rule_that_is_none_is_refused(at_desk: Client, form: dict[str, str], said: str) -> None:
    answer = at_desk.post(f"{NAMES}new/", named(**form))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert current_tables([2027]).named_days.rule("邻里节") is None


def test_every_shipped_rule_comes_back_from_its_form() -> None:
    kinds = set()
    for rule in named_day_rules():
        initial = NamedDayForm.initial_of(rule)
        if "rhythm" not in initial:
            assert rule_said(rule) in ("每个周六、周日", "每个法定节假日", "每个工作日")
            continue
        form = NamedDayForm({key: str(value) for key, value in initial.items() if value is not False})
        assert form.is_valid(), (rule.name, form.errors)
        assert form.rule() == rule
        kinds.add(initial["rhythm"])
    assert kinds == {kind for kind, _ in KINDS}


def test_a_name_edited_moves_what_is_due_and_reset_brings_it_back(world: World, admin: User, at_desk: Client) -> None:
    world.adopt(Wanted("慰问老人", schedules=[{"kind": "named", "name": "植树节", "rel": "during"}]))
    assert world.first("慰问老人").due_on == date(2027, 3, 12)
    changed = named(name="x", month="3", day="15", aliases="种树节", revision="0")
    assert at_desk.post(f"{NAMES}named/植树节/", changed).status_code == 302
    jobs.materialise_all()
    assert world.first("慰问老人").due_on == date(2027, 3, 15)
    tables = current_tables([2027]).named_days
    assert tables.rule("种树节") == tables.rule("植树节") and tables.rule("x") is None
    assert "已修改" in at_desk.get(NAMES, {"only": "edited"}).content.decode()
    at_desk.post(f"{NAMES}named/植树节/reset/", {"revision": "1"})
    jobs.materialise_all()
    assert world.first("慰问老人").due_on == date(2027, 3, 12)
    assert [row.action for row in AuditRow.objects.filter(kind="named_day").order_by("at")] == [
        "named_day.changed", "named_day.reset",
    ]  # fmt: skip


def test_a_name_that_people_added_goes_when_it_is_deleted(at_desk: Client) -> None:
    at_desk.post(f"{NAMES}new/", named())
    assert any(row.rule.name == "邻里节" and not row.shipped for row in named_rows())
    assert at_desk.post(f"{NAMES}named/邻里节/reset/", {"revision": "1"}).status_code == 302
    assert all(row.rule.name != "邻里节" for row in named_rows())
    assert at_desk.post(f"{NAMES}named/邻里节/reset/", {"revision": "1"}).status_code == 409
    at_desk.post(f"{NAMES}new/", named(day="19"))
    assert next(row.revision for row in named_rows() if row.rule.name == "邻里节") == 3


def test_two_people_at_one_name(at_desk: Client) -> None:
    at_desk.post(f"{NAMES}named/教师节/", named(month="9", day="11", revision="0"))
    late = at_desk.post(f"{NAMES}named/教师节/", named(month="9", day="12", revision="0"))
    shown = late.content.decode()
    assert late.status_code == 409 and "每年9月11日" in shown and "每年9月12日" in shown
    assert at_desk.get(f"{NAMES}named/没有的/").status_code == 404
    assert at_desk.get(f"{NAMES}named/周末/").status_code == 404  # found in the calendar: nothing to edit


def test_the_same_word_cannot_mean_two_days(admin: User) -> None:
    rule = next(row.rule for row in named_rows() if row.rule.name == "教师节")
    clash = type(rule)(rule.name, rule.when, aliases=("重阳",))
    with pytest.raises(UserError, match="重阳节"):
        acts.change_named_day(acting_user=admin, rule=clash, when={"month": 9, "day": 10}, revision=0)


@given(st.integers(1, 30))
def test_lunar_days_have_each_a_name_of_two_characters(day: int) -> None:
    assert len(lunar_day_said(day)) == 2
    assert len({lunar_day_said(other) for other in range(1, 31)}) == 30


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_tables_is_not_found(at_desk: Client, day: str) -> None:
    assert at_desk.get(f"{LIST}{day}/").status_code == 404
