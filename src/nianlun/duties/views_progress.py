"""How the year stands: by line, by person, and the communities of a subdistrict side by side."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.duties.agenda import Moment
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.extras import extras_of
from nianlun.duties.models import Duty
from nianlun.duties.progress import COUNTED, LACKING, Progress
from nianlun.kernel.clock import today
from nianlun.places.access import access_community, policy_of
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community
from nianlun.plans.models import PlanVersion, VersionStatus
from nianlun.ui.slots import contents

PER_PAGE = 50
LOAD = "load"  # the list behind a cell of the load per person and month


def progress(request: HttpRequest, community: str) -> HttpResponse:
    """Every figure opens the list of what it counts."""
    here = access_community(request, community)
    year = _year(request, [here])
    found = Progress(here, year, today(), Hands.of_community(Roster(here)))
    load = found.load()
    about = {
        "community": here,
        "year": year,
        "years": _years([here]),
        "rows": found.lines(),
        "whole": found.whole(),
        "load": load,
        "most": max((n for row in load for n in row.months), default=0),
        "months": range(1, 13),
        "parts": contents("progress_parts", request, community=here, moments=found.moments),
    }
    return render(request, "duties/progress.html", about)


def behind(request: HttpRequest, community: str, what: str) -> HttpResponse:
    """The list behind a figure: duties, or times that they are due."""
    here = access_community(request, community)
    year, line = _year(request, [here]), request.GET.get("line", "")
    found = Progress(here, year, today(), Hands.of_community(Roster(here)))
    if what in COUNTED:
        title = COUNTED[what][0]
        listed: list[tuple[Duty, Moment | None]] = [(one.duty, one) for one in found.counted(what, line)]
    elif what in LACKING:
        title = LACKING[what]
        listed = [(duty, None) for duty in found.lacking(what, line)]
    elif what == LOAD:
        person, month = _person(request.GET.get("person", "")), _month(request.GET.get("month", ""))
        name = next((row.title for row in found.load() if row.code == str(person or "none")), "")
        title = f"{name}{f'{month}月' if month else '全年'}的任务"
        listed = [(one.duty, one) for one in found.carried(person, month)]
    else:
        raise Http404
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(duty, one, found.said(duty, one)) for duty, one in page]
    stored = [one.row for _, one in page if one is not None and one.row is not None]
    about = {
        "community": here, "year": year, "line": line, "title": title, "what": what, "page": page, "shown": shown,
        "of_line": LINE_TITLES.get(line, "全部条线"), "count": page.paginator.count, "day": today(),
        "extras": extras_of(request, here, stored),
    }  # fmt: skip
    return render(request, "duties/behind.html", about)


def _person(given: str) -> UUID | None:
    """A person by id; none: what nobody has."""
    try:
        return None if given == "none" else UUID(given)
    except ValueError as error:
        raise Http404 from error


def _month(given: str) -> int | None:
    """A month of the year, or with nothing given the whole year."""
    if given and (not given.isdecimal() or len(given) > 2 or int(given) not in range(1, 13)):
        raise Http404
    return int(given) if given else None


def overview(request: HttpRequest) -> HttpResponse:
    """A subdistrict's communities side by side, in the order of their codes: figures, not people and not ranks."""
    policy = policy_of(request)
    subdistricts = policy.subdistricts()
    if not subdistricts:
        raise PermissionDenied
    over = {subdistrict.pk for subdistrict in subdistricts}
    communities = [community for community in policy.visible if community.subdistrict_id in over]
    year = _year(request, communities)
    rows = []
    for community in communities:
        found = Progress(community, year, today(), Hands.of_community(Roster(community)))
        versions = PlanVersion.objects.filter(plan__community=community, plan__year=year)
        adopted = versions.filter(status=VersionStatus.ADOPTED).count()
        open_ = versions.filter(status=VersionStatus.REVIEW).count()
        rows.append({"community": community, "whole": found.whole(), "adopted": adopted, "in_review": open_})
    about = {
        "rows": rows, "year": year, "years": _years(communities),
        "subdistricts": subdistricts, "day": today(),
    }  # fmt: skip
    return render(request, "duties/overview.html", about)


def _years(communities: list[Community]) -> list[int]:
    """Years that have duties, and this one."""
    bounds = Duty.objects.filter(community__in=communities).aggregate(first=Min("year"), last=Max("year"))
    this = today().year
    return list(range(min(bounds["first"] or this, this), max(bounds["last"] or this, this) + 1))


def _year(request: HttpRequest, communities: list[Community]) -> int:
    """The year asked for, else this one where it has duties, else the last that has."""
    given = request.GET.get("year", "")
    if given.isdecimal() and len(given) == 4 and date.min.year < int(given) < date.max.year - 1:
        return int(given)
    years = _years(communities)
    this = today().year
    has = Duty.objects.filter(community__in=communities, year=this).exists()
    return this if has else years[-1]
