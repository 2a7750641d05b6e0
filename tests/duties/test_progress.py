"""Progress: every figure is the length of the list behind it, for the demo and for whatever people do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianlun.demo.load import load
from nianlun.duties.actions import work
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.models import Occurrence
from nianlun.duties.month import without_daily_repeats
from nianlun.duties.progress import COUNTED, LACKING, Progress
from nianlun.kernel.clock import today
from nianlun.places.models import Community, User
from tests.duties import make as clock
from tests.duties.make import DAILY, WEEKLY, Wanted, World
from tests.places import make

pytestmark = pytest.mark.django_db
PAGE = "/c/wutong/progress/"
FIGURE = re.compile(r'<a(?: class="[\w-]+")? href="(/c/[\w-]+/progress/\w+/\?[^"]+)">(\d+)(?: / (\d+) 次)?</a>')


def progress_of(community: Community, year: int = 2027) -> Progress:
    return Progress(community, year, today(), Hands.of_community(Roster(community)))


def figures(html: str) -> list[tuple[str, int]]:
    """Each figure with the address of its list."""
    return [(unescape(address), int(number)) for address, number, _ in FIGURE.findall(html)]


def test_who_may_see_it(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道"))
    pages = [PAGE, f"{PAGE}late/", f"{PAGE}load/?person=none"]
    client.force_login(world.stranger)
    assert {client.get(page).status_code for page in [*pages, "/c/no-such-place/progress/"]} == {404}
    for person in (world.grid1, make.officer(of=world.home.subdistrict)):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {200}
    wrong = ("nothing/", "load/", "load/?person=x", "load/?person=none&month=13", "load/?person=none&month=x")
    assert {client.get(PAGE + page).status_code for page in wrong} == {404}


def test_every_figure_of_the_demo_is_the_length_of_its_list(db: None, client: Client) -> None:
    load(entries=0)
    client.force_login(User.objects.get(username="jiedao"))
    lists: dict[tuple[str, int], Progress] = {}
    shown = [
        one
        for page in ("/c/wutong/progress/?year=2026", "/c/heying/progress/?year=2027", "/overview/?year=2026")
        for one in figures(client.get(page).content.decode())
    ]
    assert len(shown) > 100
    for address, number in shown:
        place, asked = address.split("/")[2], QueryDict(address.partition("?")[2])
        year = int(asked["year"])
        if (place, year) not in lists:
            lists[place, year] = progress_of(Community.objects.get(code=place), year)
        assert len(listed(lists[place, year], address.split("/")[4], asked)) == number, address
    for address, number in shown[::15]:
        answer = client.get(address)
        assert (answer.context["count"], len(answer.context["shown"])) == (number, min(number, 50)), address


def listed(found: Progress, what: str, asked: QueryDict) -> Sequence[object]:
    """The list that the address opens."""
    if what in COUNTED:
        return found.counted(what, asked.get("line", ""))
    if what in LACKING:
        return found.lacking(what, asked.get("line", ""))
    assert what == "load"
    person = asked.get("person", "none")
    month = asked.get("month")
    return found.carried(None if person == "none" else UUID(person), int(month) if month else None)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["hand over", "do"])), max_size=8),
    st.dates(date(2027, 3, 10), date(2027, 12, 31)),
)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_figures_add_up(world: World, acts: list[tuple[int, str]], day: date) -> None:
    with transaction.atomic():
        world.adopt(
            Wanted("每日巡查", schedules=[DAILY], owners=["网格员"]),
            Wanted("走访老人", line="elderly", schedules=[WEEKLY], owners=["民政专干"]),
            Wanted("检查消防通道"),
            Wanted("理论学习", line="party", schedules=[]),
        )
        for at, act in acts:
            one = Occurrence.objects.filter(status="open").order_by("act_on", "line")[at]
            if act == "hand over" and one.taken_by is None:
                work.hand_over(acting_user=world.boss, pk=one.pk, revision=one.revision, to=world.welfare)
            else:
                work.do(acting_user=world.boss, pk=one.pk, revision=one.revision, done_on=date(2027, 3, 10))
        check(world, day)
        transaction.set_rollback(True)


def check(world: World, day: date) -> None:
    """Every figure of the year, as it stands that day, is a length, and they add up."""
    with clock.at(day.year, day.month, day.day):
        found = progress_of(world.home)
        whole = found.whole()
        for line in ["", *(row.code for row in found.lines())]:
            figures_of = found.of_line(line) if line else whole
            for name in COUNTED:
                assert figures_of.counts[name] == len(found.counted(name, line))
            for name in LACKING:
                assert getattr(figures_of, name) == len(found.lacking(name, line))
        for name in COUNTED:
            assert whole.counts[name] == sum(row.counts[name] for row in found.lines())
        counts = whole.counts
        assert counts["due"] == counts["done"] + counts["late"]
        assert counts["due"] + counts["ahead"] == len(found.moments)
        assert counts["in_time"] <= counts["done"]
        with_somebody = {id(one) for row in found.load() for one in found.carried(_person(row.code, found))}
        assert with_somebody == {id(one) for one in without_daily_repeats(found.moments)}
        for row in found.load():
            person = _person(row.code, found)
            assert row.months == [len(found.carried(person, month)) for month in range(1, 13)]
            assert row.total == len(found.carried(person))


def _person(code: str, found: Progress) -> UUID | None:
    return next((person for person in found.hands.roster.names if str(person) == code), None)


def test_the_share_done_is_of_what_was_to_be_done_by_now(world: World) -> None:
    world.adopt(Wanted("走访老人", schedules=[WEEKLY]))
    assert progress_of(world.home).whole().share is None  # nothing was due before adoption
    with clock.at(2027, 4, 1):
        late = progress_of(world.home)
        assert (late.whole().counts["due"], late.whole().share) == (3, 0)
        first = world.first("走访老人")
        work.do(acting_user=world.boss, pk=first.pk, revision=1, done_on=date(2027, 3, 12))
        now = progress_of(world.home).whole()
        assert (now.counts["done"], now.counts["in_time"], now.share) == (1, 1, 33)


def test_what_somebody_left_in_hand_is_in_the_load_of_those_who_have_it_now(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道", owners=["民政专干"]))
    one = world.first("检查消防通道")
    work.hand_over(acting_user=world.boss, pk=one.pk, revision=1, to=world.grid2)
    client.force_login(world.boss)
    for holder, number in ((world.grid2, 1), (world.welfare, 0)):
        answer = client.get(f"{PAGE}load/?year=2027&person={holder.pk}&month=3")
        assert f"{holder.name}3月的任务：{number}" in answer.content.decode()
    world.grid2.posts.update(ends_on=date(2027, 3, 9))
    assert {row.title: row.total for row in progress_of(world.home).load()}["welfare"] == 10


def test_the_list_says_who_took_it_and_not_whose_it_was(world: World, client: Client) -> None:
    world.adopt(Wanted("检查消防通道", owners=["网格员"]))
    work.hand_over(acting_user=world.boss, pk=world.first("检查消防通道").pk, revision=1, to=world.welfare)
    client.force_login(world.boss)
    answer = client.get(f"{PAGE}ahead/?year=2027")
    assert [people for _, _, people in answer.context["shown"]][:2] == ["welfare", "网格员（任一人）"]


def test_a_year_without_work_says_what_to_do(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    assert "还没有任务" in client.get(f"{PAGE}?year=2031").content.decode()
    assert {client.get(f"{PAGE}?year={year}").status_code for year in ("x", "0000", "20271", "9999")} == {200}


def test_the_number_of_queries_does_not_grow_with_the_work(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人", owners=["网格员"]))
    counts: list[list[int]] = []
    for _ in range(2):
        row = []
        for page in (PAGE, f"{PAGE}late/", f"{PAGE}duties/", f"{PAGE}load/?person=none"):
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            row.append(len(asked))
        counts.append(row)
        world.adopt(*(Wanted(f"任务{n}", owners=["网格员"], schedules=[WEEKLY]) for n in range(20)))
    assert counts[0] == counts[1] and max(counts[0]) <= 20, counts
