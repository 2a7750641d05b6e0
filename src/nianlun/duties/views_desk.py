"""The desk, several done at once, taking back, and the week as text and as a sheet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.duties.actions import undo as undoing
from nianlun.duties.actions import work
from nianlun.duties.almanac import lunar_date
from nianlun.duties.desk import WHOSE_ALL, WHOSE_ME, WHOSE_NONE, Desk, week_start
from nianlun.duties.extras import extras_of
from nianlun.duties.forms import DoneForm, people_choices
from nianlun.duties.models import Occurrence
from nianlun.duties.tables import current_tables
from nianlun.duties.viewing import chosen_rows, day_of, first_error, last_act, next_address, remember, rights
from nianlun.duties.week import as_text, week_of
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_community, signed_in
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.ui.slots import contents

GREETINGS = ((5, "夜深了"), (11, "早上好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))


def _whose(request: HttpRequest, may: dict[str, bool]) -> str:
    """A worker sees their own desk, the secretary anyone's, the subdistrict everybody's."""
    if not may["may_do"]:
        asked = request.GET.get("whose", WHOSE_ALL)
        return asked if asked in (WHOSE_ALL, WHOSE_NONE) else WHOSE_ALL
    return request.GET.get("whose", WHOSE_ME) if may["may_hand_out"] else WHOSE_ME


def desk(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community)
    may = rights(request, here)
    whose = _whose(request, may)
    shown = Desk(here, signed_in(request), today(), whose, manages=may["may_hand_out"])
    holidays = current_tables([today().year]).holidays
    greeting = next(words for until, words in GREETINGS if now().hour < until)
    about = {
        "community": here,
        "desk": shown,
        "sections": shown.sections,
        "strip": shown.strip(holidays),
        "done": shown.done_this_week(),
        "lunar": lunar_date(today()),
        "greeting": greeting,
        "whose": whose,
        "people": people_choices(shown.roster, "看某个人"),
        "last_act": last_act(request),
        "extras": extras_of(request, here, [row.one for row in shown.rows]),
        "lists": contents("desk_lists", request, community=here),
        **may,
    }
    return render(request, "duties/desk.html", about)


@require_POST
def do_several(request: HttpRequest, community: str) -> HttpResponse:
    """What was ticked is done, each row by itself; `only` is the one whose own button was pressed."""
    here = access_community(request, community, May.DO)
    home = next_address(request, reverse("duties:desk", args=[here.code]))
    only = request.POST.get("only")
    chosen = chosen_rows([only] if only else request.POST.getlist("chosen"))
    if not chosen:
        raise UserError("请先勾选已经做完的任务。")
    form = DoneForm({"done_on": today()} if only else request.POST)
    if not form.is_valid():
        raise UserError(first_error(form))
    _must_be_here(here, [pk for pk, _ in chosen])
    given = form.cleaned_data
    outcomes = work.do_several(
        acting_user=signed_in(request), community=here, chosen=chosen, done_on=given["done_on"], note=given["note"]
    )
    rows = [one.row for one in outcomes if one.row is not None]
    if rows:
        remember(request, f"已完成 {len(rows)} 项。", rows)
    for one in outcomes:
        if one.row is None:
            messages.warning(request, f"“{_title(one.pk)}”没有登记：{one.why}")
    return redirect(home)


def _title(pk: UUID) -> str:
    title = Occurrence.objects.filter(pk=pk).values_list("duty__title", flat=True).first() or ""
    return title[:20]


def _must_be_here(community: Community, ids: list[UUID]) -> None:
    if Occurrence.objects.filter(pk__in=ids, community=community).count() != len(set(ids)):
        raise UserError("有任务已经调整，请刷新页面后再试。")


@require_POST
def undo(request: HttpRequest, community: str) -> HttpResponse:
    """Take back what was just done."""
    here = access_community(request, community)
    home = next_address(request, reverse("duties:desk", args=[here.code]))
    try:
        rows = [UUID(value) for value in request.POST.get("rows", "").split(",")]
    except ValueError as error:
        raise UserError("没有可以撤销的操作。") from error
    count = undoing.undo(acting_user=signed_in(request), community=here, rows=rows)
    messages.success(request, f"已撤销{f' {count} 项' if count > 1 else ''}。")
    return redirect(home)


def week(request: HttpRequest, community: str) -> HttpResponse:
    """The week to print, and to paste into the chat group."""
    here = access_community(request, community)
    may = rights(request, here)
    whose = _whose(request, may)
    shown = Desk(here, signed_in(request), today(), whose)
    start = week_start(day_of(request.GET.get("from"), today()))
    found = week_of(shown, start, current_tables([start.year]).holidays)
    owner = shown.roster.names.get(shown.person, "") if shown.person else ""
    heading = f"{here.name}{owner}{'待分工任务' if whose == WHOSE_NONE else '工作安排'}"
    about = {
        "community": here,
        "week": found,
        "heading": heading,
        "text": as_text(found, heading),
        "whose": whose,
        "before": start - timedelta(days=7),
        "after": start + timedelta(days=7),
        "this_week": start == week_start(today()),
        **may,
    }
    return render(request, "duties/week.html", about)
