"""A schedule said in Chinese is read back as itself, over all that the builder of the review can make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.plans.reading.observances import vocabulary
from nianlun.plans.reading.say import say
from nianlun.plans.reading.schedule import (
    PARTS,
    RELS,
    Deadline,
    Every,
    Named,
    On,
    OnDate,
    Point,
    Schedule,
    Window,
)  # fmt: skip
from nianlun.plans.reading.timing import assign_timings

SAID: list[tuple[Schedule, str]] = [
    (Every("half_month"), "每半月一次"),
    (Every("year", times=2, months=(5, 10)), "每年5月、10月各一次"),
    (Deadline(Point(6, part="end")), "6月底前"),
    (Deadline(Point(12, part="end")), "年底前"),
    (Named("春节", "before"), "春节前"),
    (Every("month", on=On(day=5)), "每月5日前"),
    (Every("month", 2, on=On(phase="even")), "逢双月一次"),
    (Every("week", on=On(weekday=2)), "每周二"),
    (Every("quarter", on=On(part="end")), "每季度末一次"),
    (Every("month", 3), "每三个月一次"),
    (Window(Point(7), Point(9)), "第三季度"),
    (Window(Point(7), Point(12)), "下半年"),
    (Window(Point(12, part="end", prev_year=True), Point(6, part="end")), "上年12月底至6月底"),
    (OnDate(Point(4, 22)), "4月22日"),
    (OnDate(Point(3, part="mid")), "3月中旬"),
]


@pytest.mark.parametrize(("schedule", "words"), SAID, ids=[words for _, words in SAID])
def test_the_words_are_those_people_use(schedule: Schedule, words: str) -> None:
    assert say(schedule) == words


counts = st.integers(1, 12)
points = st.builds(Point, st.integers(1, 12)) | st.builds(Point, st.integers(1, 12), part=st.sampled_from(PARTS))
days = st.builds(Point, st.integers(1, 12), st.integers(1, 28))
own_year = points | days
next_year = st.builds(Point, st.integers(1, 12), next_year=st.just(True))
year_before = st.builds(Point, st.integers(1, 12), part=st.sampled_from(PARTS), prev_year=st.just(True))


@st.composite
def yearly(draw: st.DrawFn) -> Every:
    months = tuple(sorted(draw(st.sets(st.integers(1, 12), min_size=1, max_size=6))))
    return Every("year", times=len(months) * draw(st.integers(1, 3)), months=months)


recurring = st.one_of(
    st.builds(Every, st.sampled_from(["day", "week", "month", "year"]), counts, counts),
    st.builds(Every, st.sampled_from(["half_month", "quarter", "half_year"]), st.just(1), counts),
    st.builds(Every, st.just("quarter"), st.integers(2, 4), counts),
    st.builds(Every, st.just("week"), on=st.builds(On, weekday=st.integers(1, 7))),
    st.builds(
        Every,
        st.just("week"),
        st.just(2),
        on=st.builds(On, weekday=st.integers(1, 7), phase=st.sampled_from(["odd", "even"])),
    ),
    st.builds(Every, st.just("month"), on=st.builds(On, day=st.integers(1, 31))),
    st.builds(Every, st.just("month"), times=counts, on=st.builds(On, part=st.sampled_from(PARTS))),
    st.builds(Every, st.just("quarter"), times=counts, on=st.builds(On, part=st.sampled_from(PARTS))),
    st.builds(
        Every,
        st.sampled_from(["week", "month"]),
        st.just(2),
        counts,
        on=st.builds(On, phase=st.sampled_from(["odd", "even"])),
    ),
    st.builds(Every, st.just("month"), on=st.builds(On, weekday=st.integers(1, 7), part=st.sampled_from(PARTS))),
    yearly(),
)
schedules = st.one_of(
    recurring,
    st.builds(OnDate, own_year | next_year),
    st.builds(Window, own_year, own_year)
    | st.builds(Window, year_before, own_year)
    | st.builds(Window, own_year, next_year),
    st.builds(Deadline, own_year | next_year),
    st.builds(
        Named,
        st.sampled_from(sorted({o.name for o in vocabulary().by_alias.values()})),
        st.none() | st.sampled_from(RELS),
    ),
)


@given(schedules)
def test_what_is_said_is_read_back(schedule: Schedule) -> None:
    sentence = say(schedule) + "开展检查"
    (timings,) = assign_timings(sentence, [(0, len(sentence))])
    assert [timing.schedule for timing in timings] == [schedule]
