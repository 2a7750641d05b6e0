"""Leave (请假代班): who is away, who stands in; made, cancelled, restored."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.duties.actions import leaves as acts
from nianlun.duties.assignment import Roster
from nianlun.duties.forms import LeaveForm
from nianlun.duties.models import Leave
from nianlun.duties.viewing import person_here, revision_of, rights
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_community, signed_in
from nianlun.places.policy import May


def leave(request: HttpRequest, community: str) -> HttpResponse:
    """The secretary enters anybody's leave, a worker their own."""
    here = access_community(request, community, May.DO)
    may, user, roster = rights(request, here), signed_in(request), Roster(here)
    only = None if may["may_hand_out"] else str(user.pk)
    form = LeaveForm(request.POST or None, roster=roster, only=only, initial={"starts_on": today(), "user": only or ""})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = acts.make_leave(
                acting_user=user,
                community=here,
                user=person_here(roster, given["user"]),
                stand_in=person_here(roster, given["stand_in"]),
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                reason=given["reason"],
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已登记：{made.user.name}请假期间由{made.stand_in.name}代班，到期自动恢复。")
            return redirect("duties:leave", here.code)
    found = Leave.objects.filter(community=here).select_related("user", "stand_in")
    rows = [one for one in found[:200] if may["may_hand_out"] or user.pk in (one.user_id, one.stand_in_id)]
    day = today()
    about = {
        "community": here,
        "form": form,
        "current": [one for one in rows if one.cancelled_on is None and one.ends_on >= day],
        "past": [one for one in rows if one.cancelled_on is not None or one.ends_on < day],
        "day": day,
        **may,
    }
    return render(request, "duties/leave.html", about, status=422 if form.errors else 200)


def _leave(request: HttpRequest, community: str, pk: UUID) -> Leave:
    here = access_community(request, community, May.DO)
    found = Leave.objects.filter(pk=pk, community=here).select_related("community", "user", "stand_in").first()
    if found is None:
        raise Http404
    return found


@require_POST
def cancel(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = _leave(request, community, pk)
    acts.cancel_leave(acting_user=signed_in(request), leave=found, revision=revision_of(request))
    messages.success(request, f"已取消{found.user.name}的请假代班，任务回到本人；可在下方恢复。")
    return redirect("duties:leave", community)


@require_POST
def restore(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = _leave(request, community, pk)
    acts.restore_leave(acting_user=signed_in(request), leave=found, revision=revision_of(request))
    messages.success(request, f"已恢复{found.user.name}的请假代班。")
    return redirect("duties:leave", community)
