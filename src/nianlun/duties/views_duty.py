"""A duty and all its times; adding one by hand (上级交办, 临时任务), changing it, calling it off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.duties import standing
from nianlun.duties.access import access_duty, history
from nianlun.duties.actions import added
from nianlun.duties.actions.undo import UNDOABLE
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.extras import extras_of
from nianlun.duties.forms import DutyForm, initial_of
from nianlun.duties.histories import told
from nianlun.duties.models import Duty, OccurrenceStatus, Origin
from nianlun.duties.sentences import sentence
from nianlun.duties.viewing import last_act, remember, revision_of, rights
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import access_community, signed_in
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.plans.describe import say_schedule, say_target
from nianlun.ui.slots import contents


def duty(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = access_duty(request, community, pk)
    here, roster = found.community, Roster(found.community)
    hands = Hands.of_duties(roster, [found.pk])
    rows = list(found.occurrences.select_related("done_by", "taken_by").order_by("act_on", "key"))
    day = today()
    about = {
        "community": here,
        "duty": found,
        "schedules": [say_schedule(form) for form in found.schedules],
        "targets": [say_target(form) for form in found.targets],
        "people": hands.said(found.pk),
        "rows": [
            {
                "one": one,
                "due": standing.due_said(one, day),
                "late": standing.late_days(one, day),
                "entered_late": standing.entered_late(one),
                "marks": standing.marks_said(one),
            }
            for one in rows
        ],
        "extras": extras_of(request, here, rows),
        "done": sum(one.status == OccurrenceStatus.DONE for one in rows),
        "sentence": sentence(found),
        "may_edit": found.ended_on is None and added.may_edit(signed_in(request), found),
        "history": told(
            history([found.pk], found.subdistrict_id), roster,
            undoable=UNDOABLE, revision=found.revision, record=found.pk,
        ),
        "daily": any(form.get("kind") == "every" and form.get("unit") == "day" for form in found.schedules),
        "tabs": contents("duty_tabs", request, duty=found),
        "last_act": last_act(request),
        **rights(request, here),
    }  # fmt: skip
    return render(request, "duties/duty.html", about)


def _origins(request: HttpRequest, community: Community) -> list[str]:
    """The subdistrict charges; the secretary charges and adds; a worker adds for themselves."""
    may = rights(request, community)
    allowed = []
    if may["may_do"]:
        allowed.append(Origin.AD_HOC.value)
    if may["may_hand_out"] or may["may_charge"]:
        allowed.append(Origin.CHARGED.value)
    if not allowed:
        raise PermissionDenied
    return allowed


def new_duty(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community)
    origins, roster, user = _origins(request, here), Roster(here), signed_in(request)
    may = rights(request, here)
    initial = {"starts_on": today(), "origin": origins[0]}
    if not may["may_hand_out"] and not may["may_charge"]:
        initial["assignee"] = f"user:{user.pk}"
    form = DutyForm(request.POST or None, request.FILES or None, roster=roster, origins=origins, initial=initial)
    if not may["may_hand_out"] and not may["may_charge"]:
        form.fields["assignee"].choices = [(f"user:{user.pk}", user.name)]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            made = added.add_duty(
                acting_user=user, community=here, charge=form.charge(), to=form.whom(),
                source=form.cleaned_data["source_file"],
            )  # fmt: skip
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "任务已添加，列为计划外。")
            return redirect("duties:duty", here.code, made.pk)
    return _page(request, here, form, {"heading": "添加任务"})


def edit_duty(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = access_duty(request, community, pk)
    user = signed_in(request)
    if not added.may_edit(user, found):
        raise PermissionDenied
    roster = Roster(found.community)
    form = DutyForm(
        request.POST or None, request.FILES or None, roster=roster, origins=[found.origin], initial=initial_of(found)
    )
    del form.fields["assignee"], form.fields["mode"]
    if request.method == "POST" and form.is_valid():
        try:
            added.edit_duty(
                acting_user=user, duty=found, revision=form.cleaned_data["revision"] or 0, charge=form.charge(),
                source=form.cleaned_data["source_file"],
            )  # fmt: skip
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "任务已保存。")
            return redirect("duties:duty", found.community.code, found.pk)
    return _page(request, found.community, form, {"heading": "修改任务", "duty": found})


def _page(request: HttpRequest, community: Community, form: DutyForm, about: dict[str, Any]) -> HttpResponse:
    shown = {"community": community, "form": form, **about, **rights(request, community)}
    return render(request, "duties/duty_form.html", shown, status=422 if form.errors else 200)


@require_POST
def set_daily(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Daily work on working days only, or on every day."""
    found = access_duty(request, community, pk, May.HAND_OUT)
    every_day = request.POST.get("every_day") == "1"
    row = added.set_daily(
        acting_user=signed_in(request), duty=found, revision=revision_of(request), every_day=every_day
    )
    remember(request, "以后每天都做，含周末节假日。" if every_day else "以后只在工作日做。", [row])
    return redirect("duties:duty", found.community.code, found.pk)


@require_POST
def call_off(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = access_duty(request, community, pk)
    row = added.call_off(
        acting_user=signed_in(request), duty=found, revision=revision_of(request), reason=request.POST.get("reason", "")
    )
    remember(request, "任务已取消，做过的仍保留。", [row])
    return redirect("duties:duty", found.community.code, found.pk)


def source(request: HttpRequest, community: str, pk: UUID) -> FileResponse:
    """The paper that charged a duty, as a download."""
    found: Duty = access_duty(request, community, pk)
    if not found.source_file:
        raise Http404
    return FileResponse(found.source_file.open("rb"), as_attachment=True, filename=found.source_name)
