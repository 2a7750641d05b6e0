"""Occurrences as an iCalendar feed: all-day events on the due day that keep their UID however the day moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, vDuration

from nianlun.duties.calendar import Mark, Occurrence, label

UID_SPACE = uuid5(NAMESPACE_URL, "nianlun:occurrence")
FeedStatus = Literal["open", "done", "void"]
REFRESH = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One occurrence as the feed shows it; `duty` is any text that stays the duty's own."""

    duty: str
    occurrence: Occurrence
    summary: str
    sentence: str
    line: str = ""
    owners: tuple[str, ...] = ()
    status: FeedStatus = "open"
    act_on: date | None = None  # where it was postponed to
    link: str = ""


def feed(name: str, entries: Iterable[FeedEntry], stamp: datetime) -> bytes:
    """The calendar as bytes of a .ics file (CRLF, folded); `stamp` is when it was made, with its time zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Nianlun//Duties//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, stamp))
    return bytes(calendar.to_ical())


def uid(duty: str, key: str) -> str:
    """The event's identity: the duty and the occurrence's key, never its date."""
    return f"{uuid5(UID_SPACE, f'{duty}/{key}')}@nianlun"


def _event(entry: FeedEntry, stamp: datetime) -> Event:
    one = entry.occurrence
    day = entry.act_on or one.due
    event = Event()
    event.add("uid", uid(entry.duty, one.key))
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"✓ {entry.summary}" if entry.status == "done" else entry.summary)
    event.add("description", "\n".join(_description(entry)))
    event.add("status", _status(entry))
    if entry.line:
        event.add("categories", [entry.line])
    if entry.link:
        event.add("url", entry.link)
    return event


def _status(entry: FeedEntry) -> str:
    if entry.status == "void":
        return "CANCELLED"
    return "TENTATIVE" if Mark.TENTATIVE in entry.occurrence.marks else "CONFIRMED"


def _description(entry: FeedEntry) -> list[str]:
    one = entry.occurrence
    lines = [f"计划原文：{entry.sentence}", f"周期：{label(one.period_key)}"]
    if one.window_start != one.window_end:
        lines.append(f"办理期限：{one.window_start} 至 {one.window_end}")
    if entry.act_on and entry.act_on != one.due:
        lines.append(f"原定 {one.due}，已延期")
    if entry.owners:
        lines.append(f"责任：{'、'.join(entry.owners)}")
    if one.marks:
        lines.append(f"说明：{marks_text(one)}")
    return lines


def marks_text(one: Occurrence) -> str:
    """The marks of an occurrence in one line of Chinese."""
    return "；".join(mark.label for mark in Mark if mark in one.marks)
