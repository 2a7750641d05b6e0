"""Reading the audit log: an auditor reads that of their subdistrict, and what is shared by all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.audit_chain import Head, head
from nianlun.kernel.clock import CHINA
from nianlun.kernel.models import AuditLink, AuditRow, ChainCheck
from nianlun.kernel.sealing.masks import mask
from nianlun.places.access import policy_of
from nianlun.places.models import (
    Body,
    Building,
    Community,
    Grid,
    Household,
    Organisation,
    Post,
    Resident,
    Room,
    Subdistrict,
    User,
)
from nianlun.places.policy import May
from nianlun.places.rules.audit_words import act_title, details, kind_title
from nianlun.places.rules.secrets import TITLES
from nianlun.ui.registers.register import all_registers
from nianlun.ui.slots import contents

REVEALED = "secret.revealed"
# Kinds of records that are told by name; of a resident only the surname.
NAMED: dict[str, type[Model]] = {
    "body": Body, "building": Building, "community": Community, "grid": Grid, "household": Household,
    "organisation": Organisation, "resident": Resident, "room": Room, "subdistrict": Subdistrict, "user": User,
}  # fmt: skip
BESIDE: dict[str, tuple[str, ...]] = {"building": ("estate",), "room": ("building__estate", "unit")}  # in their names


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is asked for; empty values ask for all."""

    action: str = ""
    person: str = ""  # a part of a name, or a whole sign-in
    community: Community | None = None
    since: date | None = None
    until: date | None = None  # this day included


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the log in words."""

    at: datetime
    who: str
    action: str
    kind: str
    whom: str
    community: str
    detail: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the log is sealed, and how its last check went."""

    end: Head
    sealed_at: datetime | None  # of the last row in the chain
    check: ChainCheck | None


def access_log(request: HttpRequest) -> list[Subdistrict]:
    """The subdistricts whose log the user reads; raises PermissionDenied for everybody else."""
    found = policy_of(request).subdistricts(May.AUDIT)
    if not found:
        raise PermissionDenied
    return found


def acts(of: Sequence[Subdistrict], asked: Asked) -> QuerySet[AuditRow]:
    """The rows asked for, in no order: those of the subdistricts, and those of none that concern theirs or all."""
    people = Post.objects.filter(subdistrict__in=of).values("user_id")
    by_theirs = Q(actor_id=None) | Q(actor_id__in=people)
    shared = Q(subdistrict_id=None) & by_theirs & (~Q(kind="user") | Q(record_id__in=people))
    rows = AuditRow.objects.filter(shared | Q(subdistrict_id__in=[one.pk for one in of]))
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.person:
        named = Q(username=asked.person) | Q(name__icontains=asked.person)
        rows = rows.filter(actor_id__in=list(User.objects.filter(named, pk__in=people).values_list("pk", flat=True)))
    if here := asked.community:
        rows = rows.filter(Q(detail__community__in=[here.code, str(here.pk)]) | Q(kind="community", record_id=here.pk))
    if asked.since:
        rows = rows.filter(at__gte=datetime.combine(asked.since, time(), CHINA))
    if asked.until:
        rows = rows.filter(at__lt=datetime.combine(asked.until + timedelta(days=1), time(), CHINA))
    return rows


def told(rows: Sequence[AuditRow], of: Sequence[Subdistrict], request: HttpRequest) -> list[Act]:
    """Rows in words; as many queries as there are kinds of records among them, however many rows."""
    rooms = act_titles(request)
    names, fields = _names(rows), _field_titles()
    people = dict(User.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id}).values_list("pk", "name"))
    communities = {one.code: one.name for one in Community.objects.filter(subdistrict__in=of)}
    return [
        Act(
            row.at,
            people.get(row.actor_id, "已删除的账号") if row.actor_id else "系统",
            act_title(row.action, rooms),
            kind_title(row.kind),
            names[row.kind].get(row.record_id, f"编号 {str(row.record_id)[-6:]}"),
            communities.get(str(row.detail.get("community", "")), "") if isinstance(row.detail, dict) else "",
            details(row.detail, fields.get(row.kind, {})) if isinstance(row.detail, dict) else "",
        )
        for row in rows
    ]


def act_titles(request: HttpRequest) -> Mapping[str, str]:
    """The words of other rooms for their acts: each fills the slot `audit_acts` with {action: words}."""
    return {action: words for given in contents("audit_acts", request) for action, words in given.items()}


def _field_titles() -> dict[str, dict[str, str]]:
    """The titles of fields by kind of record, as the registers have them."""
    found = {kind: dict(titles) for kind, titles in TITLES.items()}
    for register in all_registers():
        titles = {field.code: field.title for field in register.fields}
        found.setdefault(str(register.model._meta.model_name), {}).update(titles)
    return found


def chain() -> Chain:
    """The state of the chain as a page shows it."""
    last = AuditLink.objects.order_by("-seq").values_list("row_id", flat=True).first()
    at = AuditRow.objects.filter(pk=last).values_list("at", flat=True).first() if last else None
    return Chain(head(), at, ChainCheck.objects.order_by("-at").first())


def _names(rows: Iterable[AuditRow]) -> dict[str, dict[UUID, str]]:
    by_kind: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        by_kind[row.kind].add(row.record_id)
    found: dict[str, dict[UUID, str]] = defaultdict(dict)
    for kind, ids in by_kind.items():
        if model := NAMED.get(kind):
            records: dict[Any, Model] = model._base_manager.select_related(*BESIDE.get(kind, ())).in_bulk(ids)
            hidden = kind == "resident"
            found[kind] = {pk: mask("name", str(one)) if hidden else str(one) for pk, one in records.items()}
    return found
