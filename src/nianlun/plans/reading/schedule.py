"""A schedule says when a commitment falls due, as the plan words it; it names no calendar day of a given year yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, get_args

Unit = Literal["day", "week", "half_month", "month", "quarter", "half_year", "year"]
Part = Literal["start", "mid", "end"]
Rel = Literal["before", "during", "after"]
Phase = Literal["odd", "even"]

UNITS: tuple[Unit, ...] = get_args(Unit)
PARTS: tuple[Part, ...] = get_args(Part)
RELS: tuple[Rel, ...] = get_args(Rel)
PHASES: tuple[Phase, ...] = get_args(Phase)


T = TypeVar("T")


class ScheduleError(ValueError):
    """The schedule cannot be understood."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the year: a month, at most narrowed to a day or to a third of the month."""

    month: int
    day: int | None = None
    part: Part | None = None
    prev_year: bool = False
    next_year: bool = False


@dataclass(frozen=True, slots=True)
class On:
    """Where in its period a recurring duty falls: weekday 1 (Monday) to 7, day 1 to 31, part, or odd/even periods."""

    weekday: int | None = None
    day: int | None = None
    part: Part | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """`times` times in each `interval`-th `unit`; `months` limits it to months 1 to 12 that the text names."""

    unit: Unit
    interval: int = 1
    times: int = 1
    months: tuple[int, ...] = ()
    on: On | None = None


@dataclass(frozen=True, slots=True)
class OnDate:
    """On a day, in a third of a month, or some time in a month."""

    at: Point


@dataclass(frozen=True, slots=True)
class Window:
    """From one point to another, both included."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Deadline:
    """By the end of a point."""

    by: Point


@dataclass(frozen=True, slots=True)
class Named:
    """A festival, observance, season or school holiday, by its common full name."""

    name: str
    rel: Rel | None = None


Schedule: TypeAlias = Every | OnDate | Window | Deadline | Named


def to_json(schedule: Schedule) -> dict[str, Any]:
    """The form of GUIDELINES.md, keys that say nothing left out."""
    match schedule:
        case Every(unit, interval, times, months, on):
            form: dict[str, Any] = {"kind": "every", "unit": unit, "interval": interval, "times": times}
            if months:
                form["months"] = list(months)
            if on is not None:
                form["on"] = _present(weekday=on.weekday, day=on.day, part=on.part, phase=on.phase)
            return form
        case OnDate(at):
            return {"kind": "date", **_point_json(at)}
        case Window(start, end):
            return {"kind": "window", "from": _point_json(start), "to": _point_json(end)}
        case Deadline(by):
            return {"kind": "deadline", **_point_json(by)}
        case Named(name, rel):
            return {"kind": "named", "name": name, **_present(rel=rel)}


def from_json(form: Mapping[str, Any]) -> Schedule:
    """Read the form back; raises ScheduleError for anything that is not one of the five kinds in good order."""
    kind = form.get("kind")
    match kind:
        case "every":
            months = form.get("months") or ()
            if not isinstance(months, list | tuple):
                raise ScheduleError("months is not a list")
            return Every(
                unit=_one_of(form.get("unit"), UNITS, "unit"),
                interval=_within(form.get("interval", 1), 1, 60, "interval"),
                times=_within(form.get("times", 1), 1, 400, "times"),
                months=tuple(sorted({_within(m, 1, 12, "month") for m in months})),
                on=_on(form.get("on")),
            )
        case "date":
            return OnDate(_point(form))
        case "window":
            return Window(_point(form.get("from")), _point(form.get("to")))
        case "deadline":
            return Deadline(_point(form))
        case "named":
            name = form.get("name")
            if not isinstance(name, str) or not name.strip() or len(name) > 40:
                raise ScheduleError("a named schedule needs a name of 1 to 40 characters")
            rel = form.get("rel")
            return Named(name.strip(), None if rel is None else _one_of(rel, RELS, "rel"))
    raise ScheduleError(f"unknown kind: {kind!r}")


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _point_json(point: Point) -> dict[str, Any]:
    form: dict[str, Any] = {"month": point.month, **_present(day=point.day, part=point.part)}
    if point.prev_year:
        form["prev_year"] = True
    if point.next_year:
        form["next_year"] = True
    return form


def _point(form: object) -> Point:
    if not isinstance(form, Mapping):
        raise ScheduleError("a point in the year is missing")
    day, part = form.get("day"), form.get("part")
    return Point(
        month=_within(form.get("month"), 1, 12, "month"),
        day=None if day is None else _within(day, 1, 31, "day"),
        part=None if part is None else _one_of(part, PARTS, "part"),
        prev_year=bool(form.get("prev_year")),
        next_year=bool(form.get("next_year")),
    )


def _on(form: object) -> On | None:
    if form is None:
        return None
    if not isinstance(form, Mapping):
        raise ScheduleError("on is not an object")
    weekday, day, part, phase = (form.get(key) for key in ("weekday", "day", "part", "phase"))
    return On(
        weekday=None if weekday is None else _within(weekday, 1, 7, "weekday"),
        day=None if day is None else _within(day, 1, 31, "day"),
        part=None if part is None else _one_of(part, PARTS, "part"),
        phase=None if phase is None else _one_of(phase, PHASES, "phase"),
    )


def _within(value: object, low: int, high: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ScheduleError(f"{what} is not a whole number from {low} to {high}: {value!r}")
    return value


def _one_of(value: object, allowed: tuple[T, ...], what: str) -> T:
    for choice in allowed:
        if value == choice:
            return choice
    raise ScheduleError(f"{what} is none of {allowed}: {value!r}")
