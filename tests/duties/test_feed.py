"""The iCalendar feed: stable identities, all-day events, words that survive escaping and folding."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from nianlun.duties.calendar import Mark, Occurrence
from nianlun.duties.feed import FeedEntry, feed, uid

STAMP = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEK = Occurrence("2027-W05", 1, date(2027, 2, 1), date(2027, 2, 7), date(2027, 2, 4), frozenset({Mark.MOVED}))


def entry(occurrence: Occurrence = WEEK, **changes: object) -> FeedEntry:
    words = "对辖区沿街店铺,逐户检查;发现隐患\\当场登记"
    given: dict[str, object] = {"duty": "d1", "occurrence": occurrence, "summary": "检查店铺", "sentence": words}
    return FeedEntry(**{**given, **changes})  # type: ignore[arg-type]


def only_event(data: bytes) -> dict[str, str]:
    [event] = Calendar.from_ical(data).walk("VEVENT")
    return {name: str(getattr(value, "dt", value)) for name, value in event.items()}


def test_an_event_lies_on_the_due_day_all_day_without_a_time_zone() -> None:
    data = feed("全年安排", [entry()], STAMP)
    assert b"DTSTART;VALUE=DATE:20270204\r\nDTEND;VALUE=DATE:20270205\r\n" in data
    assert b"TZID" not in data and b"VTIMEZONE" not in data
    event = only_event(data)
    assert event["DESCRIPTION"].split("\n") == [
        "计划原文：对辖区沿街店铺,逐户检查;发现隐患\\当场登记",
        "周期：第5周 (2/1–2/7)",
        "办理期限：2027-02-01 至 2027-02-07",
        "说明：遇休息日提前",
    ]
    assert (event["STATUS"], event["SUMMARY"]) == ("CONFIRMED", "检查店铺")


def test_the_identity_is_the_duty_and_key_and_not_the_day() -> None:
    moved = Occurrence("2027-W05", 1, date(2027, 2, 1), date(2027, 2, 7), date(2027, 2, 5))
    first, second = (only_event(feed("甲", [entry(one)], STAMP)) for one in (WEEK, moved))
    assert first["UID"] == second["UID"] == uid("d1", "2027-W05/1")
    assert first["DTSTART"] != second["DTSTART"]
    assert len({uid(duty, key) for duty in ("d1", "d2") for key in ("2027-W05/1", "2027-W05/2")}) == 4


def test_what_became_of_it_shows() -> None:
    assert only_event(feed("甲", [entry(status="done")], STAMP))["SUMMARY"] == "✓ 检查店铺"
    assert only_event(feed("甲", [entry(status="void")], STAMP))["STATUS"] == "CANCELLED"
    tentative = Occurrence("2027", 1, date(2027, 5, 1), date(2027, 5, 1), date(2027, 5, 1), frozenset({Mark.TENTATIVE}))
    assert only_event(feed("甲", [entry(tentative)], STAMP))["STATUS"] == "TENTATIVE"
    postponed = only_event(feed("甲", [entry(act_on=date(2027, 2, 10), owners=("网格员",), line="安全")], STAMP))
    assert postponed["DTSTART"] == "2027-02-10"
    assert "原定 2027-02-04，已延期" in postponed["DESCRIPTION"] and "责任：网格员" in postponed["DESCRIPTION"]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(",;\\:\n"), max_size=200
)


@given(words, words)
def test_any_words_come_back_and_no_line_is_too_long(summary: str, sentence: str) -> None:
    data = feed("甲", [entry(summary=summary, sentence=sentence)], STAMP)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    event = only_event(data)
    assert event["SUMMARY"] == summary
    assert event["DESCRIPTION"].startswith(f"计划原文：{sentence}\n周期：")
