"""What the pages of a resident and of a household show besides their fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.places.actions.people_step import last_step
from nianlun.places.actions.people_tags import current
from nianlun.places.models import (
    BodyKind,
    Household,
    Member,
    Merge,
    Relationship,
    Resident,
    ResidentState,
    ResidentTag,
)
from nianlun.places.policy import May
from nianlun.places.rules.ages import age
from nianlun.places.rules.relations import KINDS
from nianlun.places.rules.tags import Tag, by_age, shipped
from nianlun.places.viewing import CommunityViewer

SOON = 30  # days before its end that a tag is marked
PARTY = "party"


@dataclass(frozen=True, slots=True)
class TagShown:
    """A tag on a resident; `row` is None where it follows from the age."""

    tag: Tag
    row: ResidentTag | None
    soon: bool = False
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another resident, and what they are to this one; one who is elsewhere is named without a link."""

    row: Relationship
    other: Resident
    title: str
    over: bool
    reachable: bool


def resident_page(row: Resident, viewer: CommunityViewer, acts: dict[str, str]) -> dict[str, Any]:
    """For places/resident.html; the same number of queries for a long life as for a short one."""
    may_edit = viewer.policy.allows_record(May.PEOPLE_EDIT, row)
    return {
        "community": viewer.community,
        "age": age(row.born_on, row.died_on or today()) if row.born_on else None,
        "spells": list(_spells(row.residences)),
        "members": members(row.household, apart_from=row) if row.household else [],
        "tags": shown_tags(row, viewer, may_edit),
        "related": list(_related(row, viewer)),
        "memberships": _memberships(row, viewer),
        "merges": _merges(row) if viewer.policy.allows_record(May.MERGE, row) else [],
        "may_change": may_edit,
        "may_merge": viewer.policy.allows_record(May.MERGE, row),
        **undoable(row, may_edit, acts),
    }


def household_page(row: Household, viewer: CommunityViewer, acts: dict[str, str]) -> dict[str, Any]:
    """For places/household.html."""
    may_edit = viewer.policy.allows_record(May.PEOPLE_EDIT, row)
    there = members(row)
    return {
        "community": viewer.community,
        "members": there,
        "past": list(_spells(row.residences).filter(ends_on__isnull=False).select_related("resident")),
        "headless": row.ended_on is None and row.head_id is None and bool(there),
        "may_change": may_edit and row.ended_on is None,
        **undoable(row, may_edit, acts),
    }


def members(household: Household, apart_from: Resident | None = None) -> list[Resident]:
    """Who lives in it today, the head first."""
    living = Resident.objects.filter(household=household, state=ResidentState.LIVING)
    if apart_from is not None:
        living = living.exclude(pk=apart_from.pk)
    return sorted(living, key=lambda one: (one.pk != household.head_id, one.born_on or date.max, one.name))


def undoable(row: Resident | Household, may_edit: bool, acts: dict[str, str]) -> dict[str, Any]:
    """The last step, for the button that takes it back."""
    step: AuditRow | None = last_step(row) if may_edit else None
    said = acts.get(step.action) if step else None
    return {"last_step": step, "last_step_said": said or "上一步"}


def _spells(residences: Any) -> Any:
    return residences.select_related("room__unit", "building__estate", "household").order_by("-starts_on", "-pk")


def shown_tags(row: Resident, viewer: CommunityViewer, may_edit: bool) -> list[TagShown]:
    """Those that the viewer's lines show; of stored ones only what holds today."""
    lines = viewer.policy.lines_of(row)
    day = today()
    found = [TagShown(tag, None) for tag in by_age(row.born_on, day)] if row.state == ResidentState.LIVING else []
    for one in current(row).order_by("code"):
        if tag := shipped().get(one.code):
            soon = one.ends_on is not None and (one.ends_on - day).days <= SOON
            found.append(TagShown(tag, one, soon, may_edit))
    return [one for one in found if lines is None or one.tag.line in lines]


def _related(row: Resident, viewer: CommunityViewer) -> Sequence[Related]:
    both = Relationship.objects.filter(Q(resident=row) | Q(other=row)).select_related("resident", "other")
    found = []
    for one in both:
        forth = one.resident_id == row.pk
        other, kind = (one.other, KINDS[one.kind].title) if forth else (one.resident, KINDS[one.kind].back)
        reachable = other.community_id == row.community_id and viewer.policy.allows_record(May.PEOPLE, other)
        over = one.ends_on is not None and one.ends_on <= today()
        if other.state != ResidentState.MERGED:
            found.append(Related(one, other, kind, over, reachable))
    return sorted(found, key=lambda related: (related.over, related.title))


def _memberships(row: Resident, viewer: CommunityViewer) -> list[Member]:
    """A branch is shown to those only whose line of work it is."""
    lines = viewer.policy.lines_of(row)
    held = Member.objects.filter(resident=row).select_related("body").order_by("-starts_on", "pk")
    if lines is not None and PARTY not in lines:
        held = held.exclude(body__kind=BodyKind.BRANCH)
    return list(held)


def _merges(row: Resident) -> list[Merge]:
    return list(Merge.objects.filter(kept=row, undone_at=None).select_related("dropped", "by"))
