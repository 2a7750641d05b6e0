"""The review: the text with its items marked, the items beside it, and every change of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import access_community, signed_in
from nianlun.places.policy import May
from nianlun.plans import actions_items, actions_structure, presence
from nianlun.plans.access import access_version, base_of
from nianlun.plans.actions_items import ItemFields
from nianlun.plans.cards import Card, Summary, cards_of
from nianlun.plans.describe import say_schedule
from nianlun.plans.forms_item import EditForms, ScheduleForm
from nianlun.plans.models import ItemText, PlanVersion, ReviewChange, VersionStatus
from nianlun.plans.page_text import paragraphs
from nianlun.plans.reading.observances import vocabulary
from nianlun.plans.stretches import clauses
from nianlun.plans.views import may_review, whole
from nianlun.ui.slots import contents


def review(request: HttpRequest, version: PlanVersion) -> HttpResponse:
    """The whole page; read only for who may not review, and once the version is adopted or withdrawn."""
    about = _panes(request, version)
    base = base_of(version)
    about |= {
        "base": base,
        "others": presence.others(version, signed_in(request)) if about["may_edit"] else [],
    }
    return render(request, "plans/review.html", about)


def _panes(request: HttpRequest, version: PlanVersion) -> dict[str, Any]:
    rows = list(version.items.select_related("changed_by"))
    cards = cards_of(rows)
    _add_parts(request, version, cards)
    return {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "cards": cards,
        "summary": Summary(cards),
        "paragraphs": paragraphs(version.text, rows, version.outline),
        "may_review": may_review(request, version.plan.community),
        "may_edit": version.status == VersionStatus.REVIEW and may_review(request, version.plan.community),
    }


def _add_parts(request: HttpRequest, version: PlanVersion, cards: Sequence[Card]) -> None:
    """What other rooms show of items, asked of each room for all of these at once: {id of an item's text: part}."""
    for parts in contents("review_suggestions", request, version=version, rows=[card.row for card in cards]):
        for card in cards:
            if card.row.pk in parts:
                card.parts.append(parts[card.row.pk])


@require_GET
def panes(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """Text and items anew, after a change of which items there are."""
    version = access_version(request, community, plan, number)
    return render(request, "plans/parts/panes.html", _panes(request, version))


def _row(version: PlanVersion, pk: UUID) -> ItemText:
    row = version.items.select_related("changed_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    row.version = version
    return row


def _card(request: HttpRequest, version: PlanVersion, pk: UUID, change: ReviewChange | None = None) -> HttpResponse:
    """One card, with the counts and the offer to undo."""
    cards = cards_of(list(version.items.select_related("changed_by")))
    card = next((card for card in cards if card.row.pk == pk), None)
    if card is None:
        raise Http404
    _add_parts(request, version, [card])
    about = {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "card": card,
        "summary": Summary(cards),
        "change": change,
        "may_edit": version.status == VersionStatus.REVIEW and may_review(request, version.plan.community),
    }
    return render(request, "plans/parts/card_changed.html", about)


def _changed_panes(
    request: HttpRequest, version: PlanVersion, change: ReviewChange, active: ItemText | None = None
) -> HttpResponse:
    """Both panes after a change of structure, with the item to look at and the offer to undo."""
    version = access_version(request, version.plan.community.code, version.plan_id, version.number)
    response = render(
        request,
        "plans/parts/panes.html",
        _panes(request, version) | {"change": change, "active": active, "swapped": True},
    )
    response["HX-Retarget"], response["HX-Reswap"] = "#panes", "outerHTML"
    return response


View = Callable[..., HttpResponse]


def _structural(view: View) -> View:
    """A stale change of structure shows the page as it is now, and says why."""

    @wraps(view)
    def wrapped(request: HttpRequest, community: str, plan: UUID, number: int, **about: Any) -> HttpResponse:
        try:
            return view(request, community, plan, number, **about)
        except StaleRevision as error:
            version = access_version(request, community, plan, number)
            shown = _panes(request, version) | {"error": error, "swapped": True}
            response = render(request, "plans/parts/panes.html", shown, status=409)
            response["HX-Retarget"], response["HX-Reswap"] = "#panes", "outerHTML"
            return response

    return wrapped


@require_GET
def card(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    return _card(request, access_version(request, community, plan, number), pk)


def edit(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    """The form in place of the card; saving a stale one shows both sides and asks which to keep."""
    version = access_version(request, community, plan, number, May.REVIEW)
    row = _row(version, pk)
    if request.method != "POST":
        initial = {"revision": row.revision, "line": row.line, "owners": "、".join(row.owners)}
        forms = EditForms(key=str(pk), initial=initial, targets=row.targets, schedules=row.schedules)
        return _form(request, version, row, forms)
    forms = EditForms(request.POST, key=str(pk))
    if not forms.is_valid():
        return _form(request, version, row, forms, status=422)
    given = forms.item.cleaned_data
    fields = ItemFields(given["line"], given["owners"], forms.kept_targets(), forms.kept_schedules())
    try:
        change = actions_items.edit_item(
            acting_user=signed_in(request), row=row, revision=given["revision"], fields=fields
        )
    except StaleRevision as error:
        return _conflict(request, version, pk, error)
    return _card(request, version, pk, change)


def _form(
    request: HttpRequest, version: PlanVersion, row: ItemText, forms: EditForms, status: int = 200
) -> HttpResponse:
    owners = sorted({owner for owners in version.items.values_list("owners", flat=True) for owner in owners})
    about = {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "row": row,
        "forms": forms,
        "owners_list": f"owners-{row.pk}",
        "days_list": f"days-{row.pk}",
        "known_owners": owners,
        "known_days": sorted({observance.name for observance in vocabulary().by_alias.values()}),
    }
    return render(request, "plans/parts/edit.html", about, status=status)


def _conflict(request: HttpRequest, version: PlanVersion, pk: UUID, error: StaleRevision) -> HttpResponse:
    row = version.items.select_related("changed_by").filter(pk=pk).first()
    if row is None:
        raise error
    kept = [(key, value) for key in request.POST for value in request.POST.getlist(key) if key not in NOT_KEPT]
    about = {
        "community": version.plan.community, "plan": version.plan, "version": version, "row": row, "error": error,
        "kept": kept, "address": request.path,
    }  # fmt: skip
    return render(request, "plans/parts/conflict.html", about, status=409)


NOT_KEPT = {"revision", "csrfmiddlewaretoken"}


def drop(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    """Ask why, then leave the item out."""
    version = access_version(request, community, plan, number, May.REVIEW)
    row = _row(version, pk)
    if request.method != "POST":
        about = {"community": version.plan.community, "plan": version.plan, "version": version, "row": row}
        return render(request, "plans/parts/drop.html", about)
    try:
        change = actions_items.drop_item(
            acting_user=signed_in(request), row=row, revision=whole(request, "revision"),
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except StaleRevision as error:
        return _conflict(request, version, pk, error)
    return _card(request, version, pk, change)


@require_POST
def restore(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    row = _row(version, pk)
    try:
        change = actions_items.restore_item(
            acting_user=signed_in(request), row=row, revision=whole(request, "revision")
        )
    except StaleRevision as error:
        return _conflict(request, version, pk, error)
    return _card(request, version, pk, change)


@require_POST
@_structural
def add(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    row, change = actions_items.add_item(
        acting_user=signed_in(request), version=version, revision=whole(request, "revision"),
        start=whole(request, "start"), end=whole(request, "end"),
    )  # fmt: skip
    return _changed_panes(request, version, change, row)


@require_POST
@_structural
def merge(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    try:
        pks = [UUID(pk) for pk in request.POST.getlist("pk")]
    except ValueError as error:
        raise UserError("没有找到选中的任务，请刷新页面。") from error
    row, change = actions_structure.merge_items(
        acting_user=signed_in(request), version=version, revision=whole(request, "revision"), pks=pks
    )
    return _changed_panes(request, version, change, row)


@_structural
def split(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    """Show where the item can be cut, then cut it."""
    version = access_version(request, community, plan, number, May.REVIEW)
    row = _row(version, pk)
    if request.method != "POST":
        about = {
            "community": version.plan.community, "plan": version.plan, "version": version, "row": row,
            "clauses": clauses(row.text, row.start),
        }  # fmt: skip
        return render(request, "plans/parts/split.html", about)
    row, change = actions_structure.split_item(
        acting_user=signed_in(request), version=version, revision=whole(request, "revision"), pk=pk,
        at=whole(request, "at"),
    )  # fmt: skip
    return _changed_panes(request, version, change, row)


@require_POST
def undo(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    change = version.changes.filter(pk=pk).first()
    if change is None:
        raise Http404
    change.version = version
    undone = actions_items.undo_change(acting_user=signed_in(request), change=change)
    active = version.items.filter(pk__in=[key for key, left in undone.after.items() if left is not None]).first()
    return _changed_panes(request, version, undone, active)


@require_POST
def here(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """Say that one is here, and hear who else is and what was changed since the change `since`."""
    version = access_version(request, community, plan, number, May.REVIEW)
    return JsonResponse(
        presence.heartbeat(
            version, signed_in(request), since=whole(request, "since"), editing=request.POST.get("editing") or None
        )
    )


here.unasked = True  # type: ignore[attr-defined]


@require_POST
def say(request: HttpRequest, community: str) -> HttpResponse:
    """What a schedule being built means, in words; `row` is the prefix of its fields."""
    access_community(request, community, May.REVIEW)
    form = ScheduleForm(request.POST, prefix=request.POST.get("row", ""))
    if form.is_valid():
        return render(request, "plans/parts/said.html", {"words": say_schedule(form.schedule())})
    errors = [message for messages in form.errors.values() for message in messages]
    return render(request, "plans/parts/said.html", {"error": errors[0]})
