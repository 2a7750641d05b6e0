"""The calendar by month and by year, for a line of work or a person, and the year to take away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header, urlencode

from nianlun.duties import community_year
from nianlun.duties.agenda import Moment, agenda, with_person
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.forms import people_choices
from nianlun.duties.models import OccurrenceStatus
from nianlun.duties.month import by_line_and_month, page_bounds, weeks_of
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import now, today
from nianlun.places.access import access_community, policy_of
from nianlun.places.lines import LINE_TITLES
from nianlun.places.policy import May

YEARS = range(2000, 2100)
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        "may_do": policy_of(request).allows(May.DO, here),
    }

    def kept(moments: list[Moment]) -> list[Moment]:
        called_off = OccurrenceStatus.VOID
        return _filtered([one for one in moments if one.status != called_off], hands, line, person)

    if request.GET.get("view") == "year":
        year = _number(request.GET.get("year"), day.year)
        found = kept(agenda(here, date(year, 1, 1), date(year, 12, 31)))
        rows = by_line_and_month(found)
        totals = [sum(row.months[at] for row in rows) for at in range(12)]
        about |= {
            "take": _take(year, line, person),
            "before": year - 1 if year - 1 in YEARS else 0, "after": year + 1 if year + 1 in YEARS else 0,
            "rows": rows, "year": year, "totals": totals, "all": sum(totals), "months": range(1, 13),
            "most": max((n for row in rows for n in row.months), default=0),
        }  # fmt: skip
        return render(request, "duties/calendar_year.html", about)
    year, month = _month(request.GET.get("month"), day)
    since, until = page_bounds(year, month)
    holidays = current_tables([year]).holidays
    weeks, daily = weeks_of(year, month, kept(agenda(here, since, until)), holidays, day)
    about |= {
        "take": _take(year, line, person),
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


def year_file(request: HttpRequest, community: str, form: str) -> HttpResponse:
    """The year of the plans, or what the filters leave of it, as a file to take away."""
    here = access_community(request, community)
    line, person = request.GET.get("line", ""), request.GET.get("person", "")
    hands = Hands.of_community(Roster(here))
    year = _number(request.GET.get("year"), today().year)
    moments = _filtered(community_year.moments_of_year(here, year), hands, line, person)
    name = f"{here.name}{year}年日程"
    if form == "xlsx":
        data, kind = community_year.sheet(year, moments, hands), SHEET_TYPE
    elif form == "ics":
        data = community_year.calendar_file(name, moments, hands, now(), request.build_absolute_uri)
        kind = "text/calendar; charset=utf-8"
    else:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or "attachment"
    return response


def _take(year: int, line: str, person: str) -> str:
    """The query of the year's files."""
    return urlencode({key: value for key, value in (("year", year), ("line", line), ("person", person)) if value})


def _filtered(moments: list[Moment], hands: Hands, line: str, person: str) -> list[Moment]:
    if line:
        moments = [moment for moment in moments if moment.duty.line == line]
    return with_person(moments, hands, _person(person)) if person else moments


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
    """The month before or after; empty where the calendar ends."""
    year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
    return f"{year}-{month:02d}" if year in YEARS else ""
