"""Days of festivals and solar terms, checked by hand against printed calendars; forms of observances.yaml."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from nianlun.duties.calendar import NamedDays, RuleError, Span, Tables, Term, named_day, occurrences_of_term
from nianlun.duties.calendar.lunar import TERMS, lunar_day, lunar_days_in, solar_term
from nianlun.plans.reading.schedule import Named
from tests.duties.calendar.strategies import FIRST, LAST, TABLES

DAYS: dict[str, list[str]] = {
    "春节": [
        "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17",
        "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31",
        "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04", "2039-01-24", "2040-02-12",
    ],
    "除夕": ["2022-01-31", "2024-02-09", "2025-01-28", "2026-02-16", "2027-02-05", "2028-01-25"],
    "元宵节": ["2024-02-24", "2025-02-12", "2026-03-03", "2027-02-20"],
    "端午节": [
        "2020-06-25", "2021-06-14", "2022-06-03", "2023-06-22", "2024-06-10", "2025-05-31", "2026-06-19",
        "2027-06-09", "2028-05-28", "2029-06-16", "2030-06-05",
    ],
    "中秋节": [
        "2020-10-01", "2021-09-21", "2022-09-10", "2023-09-29", "2024-09-17", "2025-10-06", "2026-09-25",
        "2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12", "2031-10-01", "2033-09-08",
    ],
    "重阳节": ["2024-10-11", "2025-10-29", "2026-10-18", "2027-10-08"],
    "清明节": ["2022-04-05", "2023-04-05", "2024-04-04", "2025-04-04", "2026-04-05", "2027-04-05", "2028-04-04"],
    "冬至": ["2022-12-22", "2023-12-22", "2024-12-21", "2025-12-21", "2026-12-22", "2027-12-22", "2033-12-21"],
    "母亲节": ["2026-05-10", "2027-05-09"],
    "全国助残日": ["2026-05-17", "2027-05-16"],
    "全国中小学生安全教育日": ["2026-03-30", "2027-03-29"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "day"), [(name, day) for name, days in DAYS.items() for day in days])
def test_a_named_day_falls_where_the_printed_calendar_has_it(name: str, day: str) -> None:
    rule = TABLES.named_days.rules[name]
    assert [span.start.isoformat() for span in rule.spans(int(day[:4]))] == [day]


def test_a_leap_lunar_month_repeats_no_festival() -> None:
    """2028 has two fifth months, 2025 two sixth, 2033 two eleventh; festivals keep to the first."""
    for year in range(FIRST, LAST + 1):
        for name in ("春节", "除夕", "端午节", "七夕节", "中秋节", "重阳节"):
            assert len(TABLES.named_days.rules[name].spans(year)) == 1, (year, name)
    assert lunar_day(2033, 12, 8) == date(2034, 1, 27)
    assert lunar_day(2033, 11, 1) == date(2033, 11, 22)


def test_a_month_of_29_days_ends_on_its_29th() -> None:
    assert lunar_day(2024, 12, -1) == lunar_day(2024, 12, 30) == lunar_day(2024, 12, 29) == date(2025, 1, 28)
    assert lunar_day(2023, 12, -1) == date(2024, 2, 9) != lunar_day(2023, 12, 29)


def test_a_solar_year_can_have_two_or_none_of_a_lunar_day() -> None:
    assert lunar_days_in(2022, 12, 8) == [date(2022, 1, 10), date(2022, 12, 30)]
    assert lunar_days_in(2023, 12, 8) == []
    twice = occurrences_of_term([Named("腊八节")], Term.of_year(2022), TABLES)
    assert [(one.key, one.due) for one in twice] == [
        ("2022-腊八节/1", date(2022, 1, 10)),
        ("2022-腊八节/2", date(2022, 12, 30)),
    ]
    none = occurrences_of_term([Named("腊八节")], Term.of_year(2023), TABLES)
    assert [(one.key, one.due, sorted(one.marks)) for one in none] == [
        ("2023-腊八节/1", date(2023, 12, 29), ["moved", "no_such_day"])
    ]


def test_the_terms_of_a_year_follow_one_another_from_xiaohan() -> None:
    for year in range(FIRST, LAST + 1):
        days = [solar_term(year, term) for term in (*TERMS[1:], TERMS[0])]
        assert days == sorted(days) and days[0].month == 1 and days[-1].month == 12
        assert {14, 15, 16} >= {(after - before).days for before, after in pairwise(days)}


FORMS: list[tuple[dict[str, Any], int, list[tuple[str, str]]]] = [
    ({"when": {"month": 2, "day": 29}}, 2027, [("2027-02-28", "2027-02-28")]),
    ({"when": {"month": 2, "day": 29}}, 2028, [("2028-02-29", "2028-02-29")]),
    ({"when": {"month": 12, "day": 1, "to": {"month": 2, "day": 29}}}, 2026, [("2026-12-01", "2027-02-28")]),
    ({"when": {"month": 12, "day": 1, "to": {"month": 2, "day": 29}}}, 2027, [("2027-12-01", "2028-02-29")]),
    ({"when": {"lunar": [1, 1]}, "days": 7}, 2027, [("2027-02-06", "2027-02-12")]),
    ({"when": {"term": "秋分"}}, 2027, [("2027-09-23", "2027-09-23")]),
    ({"when": {"month": 9, "weekday": 1, "nth": 3}, "days": 7}, 2027, [("2027-09-20", "2027-09-26")]),
    ({"when": {"month": 3, "weekday": 1, "nth": -1}}, 2027, [("2027-03-29", "2027-03-29")]),
    ({"when": {"week_of": {"month": 5, "day": 12}}}, 2027, [("2027-05-10", "2027-05-16")]),
    ({"when": {"weekends": True}}, 2027, []),
]


@pytest.mark.parametrize(("entry", "year", "spans"), FORMS)
def test_each_form_gives_its_days(entry: dict[str, Any], year: int, spans: list[tuple[str, str]]) -> None:
    found = named_day({"name": "试", **entry}).spans(year)
    assert [(span.start.isoformat(), span.end.isoformat()) for span in found] == spans


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"month": 13, "day": 1},
        {"month": 1},
        {"month": 1, "day": True},
        {"lunar": [1]},
        {"lunar": [1, 31]},
        {"term": "大热"},
        {"month": 5, "weekday": 8, "nth": 1},
        {"month": 5, "weekday": 1, "nth": 5},
        {"week_of": 5},
        "clear",
    ],
)
def test_a_form_that_is_none_is_refused_with_its_name(when: object) -> None:
    with pytest.raises(RuleError, match="试"):
        named_day({"name": "试", "when": when})


def test_what_a_year_sets_anew_replaces_the_rule_and_is_no_longer_tentative() -> None:
    """The school office announces the winter holiday; the occurrence keeps its key and moves."""
    rules = TABLES.named_days.rules.values()
    announced = NamedDays.of(rules, {("寒假", 2027): (Span(date(2027, 1, 23), date(2027, 2, 21)),)})
    [before] = occurrences_of_term([Named("寒假")], Term.of_year(2027), TABLES)
    [after] = occurrences_of_term([Named("寒假")], Term.of_year(2027), Tables(TABLES.holidays, announced))
    assert (before.key, before.due, "tentative" in before.marks) == ("2027-寒假/1", date(2027, 2, 19), True)
    assert (after.key, after.window_start, after.due, "tentative" in after.marks) == (
        "2027-寒假/1",
        date(2027, 1, 23),
        date(2027, 2, 19),
        False,
    )


def test_an_alias_is_the_same_day_under_the_same_key() -> None:
    term = Term.of_year(2027)
    by_alias, by_name = (occurrences_of_term([Named(name)], term, TABLES) for name in ("端午", "端午节"))
    assert [(one.key, one.due) for one in by_alias] == [(one.key, one.due) for one in by_name]
