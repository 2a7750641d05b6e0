"""The calendar by month and by year, for a line of work or a person, and the year to take away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.duties.agenda import Moment, agenda, with_person
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.forms import people_choices
from nianlun.duties.month import by_line_and_month, page_bounds, weeks_of
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import today
from nianlun.places.access import access_community
from nianlun.places.lines import LINE_TITLES

YEARS = range(2000, 2100)


def calendar(request: HttpRequest, community: str) -> HttpResponse:
    """A month with its days, or the year as lines against months."""
    here = access_community(request, community)
    line, person = request.GET.get("line", ""), request.GET.get("person", "")
    hands = Hands.of_community(Roster(here))
    day = today()
    about = {
        "community": here,
        "line": line,
        "person": person,
        "lines": LINE_TITLES,
        "people": [*people_choices(hands.roster, "所有人"), ("none", "待分工")],
    }

    def kept(moments: list[Moment]) -> list[Moment]:
        if line:
            moments = [moment for moment in moments if moment.duty.line == line]
        return with_person(moments, hands, _person(person)) if person else moments

    if request.GET.get("view") == "year":
        year = _number(request.GET.get("year"), day.year)
        found = kept(agenda(here, date(year, 1, 1), date(year, 12, 31)))
        rows = by_line_and_month(found)
        totals = [sum(row.months[at] for row in rows) for at in range(12)]
        about |= {
            "rows": rows, "year": year, "totals": totals, "all": sum(totals), "months": range(1, 13),
            "most": max((n for row in rows for n in row.months), default=0),
        }  # fmt: skip
        return render(request, "duties/calendar_year.html", about)
    year, month = _month(request.GET.get("month"), day)
    since, until = page_bounds(year, month)
    holidays = current_tables([year]).holidays
    weeks, daily = weeks_of(year, month, kept(agenda(here, since, until)), holidays, day)
    about |= {
        "weeks": weeks,
        "daily": daily,
        "year": year,
        "month": month,
        "before": _beside(year, month, -1),
        "after": _beside(year, month, 1),
        "this_month": (year, month) == (day.year, day.month),
        "count": sum(len(cell.moments) for week in weeks for cell in week if cell.inside),
    }
    return render(request, "duties/calendar_month.html", about)


def _person(given: str) -> UUID | None:
    try:
        return None if given == "none" else UUID(given)
    except ValueError as error:
        raise Http404 from error


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isdecimal() and len(given) == 4 and int(given) in YEARS else otherwise


def _month(given: str | None, day: date) -> tuple[int, int]:
    """A month as 2027-03; this month where it is no month."""
    try:
        asked = date.fromisoformat(f"{given}-01")
    except ValueError:
        asked = day
    return (asked.year, asked.month) if asked.year in YEARS else (day.year, day.month)


def _beside(year: int, month: int, step: int) -> str:
    year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
    return f"{year}-{month:02d}"
