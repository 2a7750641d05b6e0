"""The calendar's pages: months across year ends, filters, and the year to take away."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from nianlun.demo.plans import FOLDER, PLANS, DemoPlan
from nianlun.duties.actions import work
from nianlun.duties.calendar import label, year_of
from nianlun.duties.calendar.shipped import shipped_tables
from nianlun.duties.community_year import moments_of_year
from nianlun.duties.feed import uid
from nianlun.plans.actions import adopt, start_plan
from nianlun.plans.reading import read_plan
from nianlun.plans.store_reading import store_reading
from tests.duties import make as clock
from tests.duties.make import DAILY, MONTHLY, WEEKLY, Wanted, World
from tests.places import make

pytestmark = pytest.mark.django_db
PAGE = "/c/wutong/calendar/"


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# --- who may see it


def test_strangers_do_not_find_it_and_everybody_of_the_place_does(world: World, client: Client) -> None:
    pages = [PAGE, f"{PAGE}?view=year", f"{PAGE}year.xlsx", f"{PAGE}year.ics"]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(world.stranger)
    assert {client.get(page).status_code for page in pages} == {404}
    for person in (world.grid1, world.boss, make.officer(of=world.home.subdistrict)):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {200}
    assert client.get(f"{PAGE}year.pdf").status_code == 404


def test_only_who_has_work_here_is_offered_a_calendar_of_their_own(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    assert "/c/wutong/feed/" in shown(client, PAGE)
    client.force_login(make.officer(of=world.home.subdistrict))
    assert "/c/wutong/feed/" not in shown(client, PAGE)


# --- months


def cells(html: str) -> dict[str, str]:
    """Day -> the cell's markup."""
    return {
        found[1]: part
        for part in html.split("<td ")[1:]
        if (found := re.search(r'<time datetime="([\d-]+)"', part)) is not None
    }


def test_december_and_january_hold_each_day_once_and_lead_to_each_other(world: World, client: Client) -> None:
    world.adopt(Wanted("更新台账", schedules=[WEEKLY]))
    world.adopt(Wanted("明年台账", schedules=[WEEKLY]), year=2028)
    client.force_login(world.grid1)
    december, january = shown(client, f"{PAGE}?month=2027-12"), shown(client, f"{PAGE}?month=2028-01")
    assert "month=2028-01" in december and "month=2027-12" in january
    days = cells(december)
    assert list(days) == sorted(days) and len(days) == 35
    assert (min(days), max(days)) == ("2027-11-29", "2028-01-02")
    assert "nl-outside-month" in days["2028-01-02"] and "nl-outside-month" not in days["2027-12-31"]
    after = cells(january)
    both = set(days) & set(after)
    assert both == {f"2027-12-{day}" for day in range(27, 32)} | {"2028-01-01", "2028-01-02"}
    for day in both:
        assert days[day].count("nl-moment ") == after[day].count("nl-moment ")
    together = sum(part.count("nl-moment ") for part in {**days, **after}.values())
    in_weeks = {one.due for year in (2027, 2028) for one in moments_of_year(world.home, year)}
    assert together == sum(date(2027, 11, 29) <= day <= date(2028, 2, 6) for day in in_weeks)


@pytest.mark.parametrize(
    ("asked", "title"),
    [("2027-13", "2027年3月"), ("x", "2027年3月"), ("1999-12", "2027年3月"), ("", "2027年3月"),
     ("2000-01", "2000年1月"), ("2099-12", "2099年12月"), ("2028-02", "2028年2月")],
)  # fmt: skip
def test_a_month_that_is_none_is_this_month(world: World, client: Client, asked: str, title: str) -> None:
    client.force_login(world.grid1)
    assert f'<h1 class="page-title">{title}</h1>' in shown(client, f"{PAGE}?month={asked}")


def test_the_ends_of_the_calendar_lead_nowhere_else(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    assert "下个月" not in shown(client, f"{PAGE}?month=2099-12")
    assert "上个月" not in shown(client, f"{PAGE}?month=2000-01")
    assert "下年" not in shown(client, f"{PAGE}?view=year&year=2099")
    assert "上年" not in shown(client, f"{PAGE}?view=year&year=2000")


def test_days_off_and_worked_and_the_lunar_calendar_are_said(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    days = cells(shown(client, f"{PAGE}?month=2026-10"))
    assert "国庆节" in days["2026-10-01"] and "班" in days["2026-10-10"]
    assert "nl-off" not in days["2026-10-10"] and "nl-off" in days["2026-10-11"]
    assert "重阳" in days["2026-10-18"]


def test_daily_work_stands_once_beside_the_month(world: World, client: Client) -> None:
    world.adopt(Wanted("每日巡查", schedules=[DAILY]), Wanted("检查消防通道"))
    first = world.first("每日巡查")
    work.do(acting_user=world.boss, pk=first.pk, revision=1, done_on=date(2027, 3, 10))
    client.force_login(world.grid1)
    html = shown(client, f"{PAGE}?month=2027-03")
    assert "每天要做的 1 项" in html and re.search(r"已做 1/\d+ 天", html)
    assert sum("每日巡查" in part for part in cells(html).values()) == 0
    assert "检查消防通道" in cells(html)["2027-03-31"]


def test_a_done_one_is_ticked_and_a_postponed_one_lies_on_its_new_day(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人"))
    one, other = world.first("检查消防通道"), world.first("走访老人")
    work.postpone(acting_user=world.boss, pk=one.pk, revision=1, to=date(2027, 4, 9), reason="大修")
    work.do(acting_user=world.boss, pk=other.pk, revision=1, done_on=date(2027, 3, 10))
    client.force_login(world.grid1)
    march, april = cells(shown(client, f"{PAGE}?month=2027-03")), cells(shown(client, f"{PAGE}?month=2027-04"))
    assert "检查消防通道" not in march["2027-03-31"] and "检查消防通道" in april["2027-04-09"]
    assert "✓" in march["2027-03-31"]


def test_what_was_called_off_is_gone(world: World, client: Client) -> None:
    version = world.adopt(Wanted("检查消防通道"))
    one = world.first("检查消防通道")
    work.take(acting_user=world.boss, pk=one.pk, revision=1)  # taken, so that it stays as cancelled
    world.adopt(Wanted("走访老人"), plan=version.plan)
    one.refresh_from_db()
    assert one.status == "void"
    client.force_login(world.grid1)
    assert "检查消防通道" not in "".join(cells(shown(client, f"{PAGE}?month=2027-03")).values())


# --- filters


def test_lines_and_people_filter_both_views(world: World, client: Client) -> None:
    world.adopt(
        Wanted("检查消防通道", owners=["民政专干"]), Wanted("走访老人", line="elderly"), Wanted("更新台账", line="grid")
    )
    client.force_login(world.grid1)

    def titles(query: str) -> set[str]:
        html = shown(client, f"{PAGE}?month=2027-05&{query}")
        return {name for name in ("检查消防通道", "走访老人", "更新台账") if name in "".join(cells(html).values())}

    assert titles("") == {"检查消防通道", "走访老人", "更新台账"}
    assert titles("line=elderly") == {"走访老人"}
    assert titles(f"person={world.welfare.pk}") == {"检查消防通道"}
    assert titles("person=none") == {"走访老人", "更新台账"}
    assert titles("person=none&line=grid") == {"更新台账"}
    assert titles("line=no-such-line") == set()
    assert client.get(f"{PAGE}?person=nobody").status_code == 404
    assert "没有符合筛选" in shown(client, f"{PAGE}?month=2027-05&line=party")


def test_each_figure_of_the_year_is_the_number_on_the_month_it_leads_to(world: World, client: Client) -> None:
    world.adopt(
        Wanted("每日巡查", schedules=[DAILY]),
        Wanted("检查消防通道"),
        Wanted("走访老人", line="elderly", schedules=[WEEKLY]),
        Wanted("理论学习", line="party", schedules=[]),
        Wanted("慰问", line="elderly", schedules=[{"kind": "named", "name": "重阳节"}]),
    )
    client.force_login(world.grid1)
    html = shown(client, f"{PAGE}?view=year&year=2027")
    figures = re.findall(r'<a href="\?month=(2027-\d\d)&amp;line=(\w+)">(\d+)</a>', html) or re.findall(
        r'<a href="\?month=(2027-\d\d)&line=(\w+)">(\d+)</a>', html
    )
    assert len(figures) > 20
    for month, line, number in figures:
        answer = client.get(f"{PAGE}?month={month}&line={line}")
        assert answer.context["count"] + len(answer.context["daily"]) == int(number), (month, line)


def test_the_number_of_queries_does_not_grow_with_the_work(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    counts: dict[str, list[int]] = {}
    world.adopt(Wanted("检查消防通道"))
    pages = [f"{PAGE}?month=2027-03", f"{PAGE}?view=year", f"{PAGE}year.xlsx?year=2027", f"{PAGE}year.ics?year=2027"]
    for _ in range(2):
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            counts.setdefault(page, []).append(len(asked))
        world.adopt(*(Wanted(f"任务{n}", owners=["网格员"], schedules=[WEEKLY]) for n in range(20)))
    assert all(first == second <= 18 for first, second in counts.values()), counts


# --- the year to take away


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.file)
def test_the_web_and_the_command_give_each_demo_plan_the_same_year(db: None, client: Client, plan: DemoPlan) -> None:
    here = make.community()
    boss = make.secretary(at=here)
    client.force_login(boss)
    with clock.at(plan.year - 1, 12, 1):
        data = (FOLDER / plan.file).read_bytes()
        version = start_plan(acting_user=boss, community=here, year=plan.year, title="", name=plan.file, data=data)
        store_reading(str(version.pk))
        version.refresh_from_db()
        adopt(acting_user=boss, version=version, edits=version.edits)
        reading = read_plan(data.decode())
        dated = year_of(reading, plan.year, shipped_tables(plan.year))
        expected = Counter((reading.quote(item), one.key, one.due) for item, one in dated)
        moments = moments_of_year(here, plan.year)
        assert Counter((one.duty.title, one.key, one.due) for one in moments) == expected
        sheet = client.get(f"{PAGE}year.xlsx?year={plan.year}")
        calendar = client.get(f"{PAGE}year.ics?year={plan.year}")
    rows = openpyxl.load_workbook(BytesIO(sheet.content)).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert Counter((row[7], row[3], row[1].date()) for row in rows) == Counter(
        (reading.quote(item), label(one.period_key), one.due) for item, one in dated
    )
    events = Calendar.from_ical(calendar.content).walk("VEVENT")
    by_uid = {str(event["UID"]): event.decoded("DTSTART") for event in events}
    assert by_uid == {uid(str(one.duty.pk), one.key): one.due for one in moments}
    assert len(events) == sum(expected.values()) > 100


def test_the_files_are_filtered_as_the_page_is_and_say_so_in_its_links(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人", line="elderly"))
    client.force_login(world.grid1)
    html = shown(client, f"{PAGE}?month=2027-05&line=elderly")
    assert "/calendar/year.xlsx?year=2027&amp;line=elderly" in html
    sheet = client.get(f"{PAGE}year.xlsx?year=2027&line=elderly")
    assert "filename*=utf-8''" in sheet["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    assert {row[7] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)} == {"走访老人"}
    assert [row[2] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)] == ["走访老人"]


def test_a_year_without_work_is_an_empty_file(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    book = openpyxl.load_workbook(BytesIO(client.get(f"{PAGE}year.xlsx?year=2031").content))
    assert book.worksheets[0].max_row == 1
    assert Calendar.from_ical(client.get(f"{PAGE}year.ics?year=2031").content).walk("VEVENT") == []


def test_monthly_work_is_twelve_times_in_the_file(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道", schedules=[MONTHLY]))
    client.force_login(world.grid1)
    assert len(Calendar.from_ical(client.get(f"{PAGE}year.ics?year=2027").content).walk("VEVENT")) == 12
