"""One occurrence: what it asks, where the plan says so, what was done, and everything one may do with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.duties import standing
from nianlun.duties.access import access_attachment, access_occurrence, history
from nianlun.duties.actions import work
from nianlun.duties.actions.files import remove_file
from nianlun.duties.actions.undo import UNDOABLE
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.forms import DoneForm, HandOverForm, PostponeForm
from nianlun.duties.histories import told
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.duties.sentences import sentence
from nianlun.duties.viewing import last_act, next_address, person_here, remember, revision_of, rights
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import signed_in
from nianlun.places.policy import May
from nianlun.plans.describe import say_schedule, say_target
from nianlun.ui.slots import contents


def occurrence(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    return _show(request, access_occurrence(request, community, pk))


def _show(request: HttpRequest, one: Occurrence, **forms: Form) -> HttpResponse:
    """The page; `forms` are those that came back with errors, shown as they were filled in."""
    here, duty, user = one.community, one.duty, signed_in(request)
    duty.community = here
    may = rights(request, here)
    roster = Roster(here)
    hands = Hands.of_duties(roster, [duty.pk])
    required, behalf, people = hands.required(one), hands.behalf(one, user.pk), hands.with_whom(one)
    shares = list(one.shares.select_related("user").order_by("recorded_at"))
    shared = {share.user_id for share in shares}
    is_open = one.status == OccurrenceStatus.OPEN
    may_work = may["may_do"] and (may["may_hand_out"] or bool(behalf) or not people)
    rows = history([one.pk, duty.pk], duty.subdistrict_id)
    about = {
        "community": here,
        "one": one,
        "duty": duty,
        "late": standing.late_days(one, today()),
        "due": standing.due_said(one, today()),
        "marks": standing.marks_said(one),
        "in_time": standing.in_time(one),
        "entered_late": standing.entered_late(one),
        "people": hands.occurrence_said(one),
        "behalf": [roster.names.get(person, "") for person in behalf if person != user.pk],
        "required": [(roster.names.get(person, ""), person in shared) for person in required],
        "shares": shares,
        "share_count": len(shared & set(required)),
        "may_record": may_work and one.status in work.RECORDABLE,
        "may_move": may_work and is_open,
        "may_add": may_work and one.status == OccurrenceStatus.DONE,
        "may_take": may["may_do"]
        and is_open
        and hands.holder(one) is None
        and not required
        and ((user.pk in people and len(people) > 1) or not people),
        "done_form": DoneForm(
            initial={"done_on": today()}, roster=roster if may["may_hand_out"] else None, prefix="done"
        ),
        "hand_over_form": HandOverForm(
            roster=roster, but={str(one.taken_by_id)} if one.taken_by_id else set(), prefix="over"
        ),
        "postpone_form": PostponeForm(prefix="postpone"),
        **forms,
        "files": one.attachments.select_related("added_by").order_by("added_at"),
        "history": told(rows, roster, undoable=UNDOABLE, revision=one.revision, record=one.pk),
        "sentence": sentence(duty),
        "schedules": [say_schedule(form) for form in duty.schedules],
        "targets": [say_target(form) for form in duty.targets],
        "doing": contents("occurrence_doing", request, occurrence=one, may_work=may_work),
        "tabs": contents("occurrence_tabs", request, occurrence=one),
        "last_act": last_act(request),
        **may,
    }
    return render(request, "duties/occurrence.html", about, status=422 if forms else 200)


def _refused(
    request: HttpRequest, one: Occurrence, name: str, form: Form, error: UserError | None = None
) -> HttpResponse:
    """The page again with what was filled in and what is wrong with it; a clash keeps its own page."""
    if isinstance(error, StaleRevision):
        raise error
    if error is not None:
        form.add_error(None, error.message)
    return _show(request, one, **{name: form})


def _back(request: HttpRequest, one: Occurrence) -> HttpResponse:
    otherwise = reverse("duties:occurrence", args=[one.community.code, one.pk])
    return redirect(next_address(request, otherwise))


@require_POST
def done(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    one = access_occurrence(request, community, pk, May.DO)
    manages = rights(request, one.community)["may_hand_out"]
    form = DoneForm(request.POST, request.FILES, roster=Roster(one.community) if manages else None, prefix="done")
    if not form.is_valid():
        return _refused(request, one, "done_form", form)
    given = form.cleaned_data
    try:
        row = work.do(
            acting_user=signed_in(request),
            pk=one.pk,
            revision=revision_of(request),
            done_on=given["done_on"],
            note=given["note"],
            files=given["papers"],
            by=UUID(given["by"]) if given.get("by") else None,
        )
    except UserError as error:
        return _refused(request, one, "done_form", form, error)
    remember(request, "已登记完成。", [row])
    return _back(request, one)


@require_POST
def add_papers(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Files that come after the work was recorded."""
    one = access_occurrence(request, community, pk, May.DO)
    work.add_papers(acting_user=signed_in(request), pk=one.pk, files=request.FILES.getlist("papers"))
    messages.success(request, "材料已补传。")
    return _back(request, one)


@require_POST
def take(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    one = access_occurrence(request, community, pk, May.DO)
    row = work.take(acting_user=signed_in(request), pk=one.pk, revision=revision_of(request))
    remember(request, "已认领，归您办理。", [row])
    return _back(request, one)


@require_POST
def hand_over(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    one = access_occurrence(request, community, pk, May.DO)
    roster = Roster(one.community)
    form = HandOverForm(request.POST, roster=roster, prefix="over")
    if not form.is_valid():
        return _refused(request, one, "hand_over_form", form)
    to, reason = person_here(roster, form.cleaned_data["to"]), form.cleaned_data["reason"]
    try:
        row = work.hand_over(
            acting_user=signed_in(request), pk=one.pk, revision=revision_of(request), to=to, reason=reason
        )
    except UserError as error:
        return _refused(request, one, "hand_over_form", form, error)
    remember(request, f"已转交给{to.name}。", [row])
    return _back(request, one)


@require_POST
def postpone(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    one = access_occurrence(request, community, pk, May.DO)
    form = PostponeForm(request.POST, prefix="postpone")
    if not form.is_valid():
        return _refused(request, one, "postpone_form", form)
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    try:
        row = work.postpone(
            acting_user=signed_in(request), pk=one.pk, revision=revision_of(request), to=until, reason=reason
        )
    except UserError as error:
        return _refused(request, one, "postpone_form", form, error)
    remember(request, f"已延至{until.month}月{until.day}日。", [row])
    return _back(request, one)


def attachment(request: HttpRequest, community: str, pk: UUID) -> FileResponse:
    """A file of work done, always as a download."""
    found = access_attachment(request, community, pk)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


@require_POST
def remove_attachment(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    found = access_attachment(request, community, pk)
    remove_file(acting_user=signed_in(request), attachment=found)
    messages.success(request, f"已删除“{found.name}”。")
    return redirect("duties:occurrence", community, found.occurrence_id)
