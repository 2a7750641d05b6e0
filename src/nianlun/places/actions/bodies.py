"""Writing bodies: branches, committees, teams and groups; their rosters are in `members`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.fields import Field
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.ground import Act
from nianlun.places.models import Body, Member, User
from nianlun.places.search.index import index, unindex
from nianlun.places.search.kinds import kinds_of
from nianlun.ui.registers.changes import changes


@dataclass(frozen=True, slots=True)
class BodyWrite:
    """What is to stand in one body, by column; `known` is the one to change, None for a new one."""

    values: Mapping[str, object]
    known: Body | None = None
    revision: int | None = None  # of `known` as the writer last saw it; None: whatever it is


def save_bodies(writes: Sequence[BodyWrite], *, act: Act, fields: Sequence[Field]) -> list[Body]:
    """Write bodies, all or none; gives them in order. Each is saved by itself, so that others hear of it."""
    saved: list[Body] = []
    with clashes_told():
        standing = [write.known.pk for write in writes if write.known is not None]
        rows = Body.objects.select_for_update(of=("self",)).filter(pk__in=standing).order_by("pk")
        locked = {row.pk: row for row in rows.select_related("parent", "community")}
        for write in writes:
            body = locked[write.known.pk] if write.known else Body(community=act.community)
            if write.known and write.revision is not None and write.revision != body.revision:
                raise StaleRevision("别人刚刚修改了这个组织，没有保存。请对照后再改。")
            before = {} if write.known is None else {code: getattr(body, code) for code in write.values}
            differences = changes(fields, before, write.values)
            saved.append(body)
            if write.known is not None and not differences:
                continue
            for column, value in write.values.items():
                setattr(body, column, value)
            if write.known is not None:
                body.revision += 1
            body.save()
            note("body.changed" if write.known else "body.added", body, act, changes=differences)
        index(saved)
    return saved


def note(action: str, body: Body, act: Act, **detail: object) -> None:
    """One row of the body's log; who belongs to it stands there by id alone."""
    audit.record(
        action, actor_id=act.user.pk, kind="body", record_id=body.pk, subdistrict_id=act.community.subdistrict_id,
        detail={"community": act.community.code, "source": act.source, **detail},
    )  # fmt: skip


def hold(body: Body, revision: int | None = None) -> Body:
    """The body as it stands, held until the transaction ends; raises StaleRevision."""
    held = Body.objects.select_for_update(of=("self",)).select_related("community").get(pk=body.pk)
    if revision is not None and held.revision != revision:
        raise StaleRevision("别人刚刚修改了这个组织，没有保存。请看过最新内容后再办理。")
    return held


@transaction.atomic
def close_body(*, acting_user: User, body: Body, on: date) -> Body:
    """It is no more from that day on; whoever belongs to it does so until then."""
    held = hold(body)
    if held.closed_on is not None:
        raise UserError(f"{held.name}已从 {held.closed_on} 起撤销。")
    if on > today():
        raise UserError("撤销日期不能晚于今天，请核对。")
    if held.founded_on and on < held.founded_on:
        raise UserError("撤销日期早于成立日期，请核对。")
    if below := list(held.parts.filter(closed_on=None).values_list("name", flat=True)[:5]):
        raise UserError(f"下面还有{'、'.join(below)}。请先撤销它们，或把它们的上级改掉。")
    if late := held.members.filter(ends_on=None, starts_on__gt=on).count():
        raise UserError(f"有 {late} 人在这一天以后才加入，请把日期改晚，或先移出他们。")
    held.members.filter(ends_on=None).update(ends_on=on)
    held.closed_on, held.revision = on, held.revision + 1
    held.save()
    note("body.closed", held, Act(acting_user, held.community), on=on.isoformat())
    index([held])
    return held


@transaction.atomic
def reopen_body(*, acting_user: User, body: Body) -> Body:
    """It is there again, with nobody in it: its roster is written anew."""
    held = hold(body)
    if held.closed_on is None:
        raise UserError(f"{held.name}没有撤销，不用恢复。")
    held.closed_on, held.revision = None, held.revision + 1
    held.save()
    note("body.reopened", held, Act(acting_user, held.community))
    index([held])
    return held


@transaction.atomic
def withdraw_bodies(made: Mapping[UUID, int], *, act: Act) -> list[Body]:
    """Take back what a sheet made, unless it was changed or something hangs on it; gives those that stay."""
    rows = Body.objects.select_for_update(of=("self",)).filter(community=act.community, pk__in=made)
    peopled = set(Member.objects.filter(body__in=made).values_list("body_id", flat=True))
    staying: list[Body] = []
    for body in rows.select_related("community").order_by("-pk"):  # what lies below goes first
        pk = body.pk
        if body.revision != made[pk] or pk in peopled:
            staying.append(body)
            continue
        try:
            with transaction.atomic():
                body.delete()
        except ProtectedError:  # a body below it, or work that was handed out to it
            staying.append(body)
            continue
        audit.record(
            "body.withdrawn", actor_id=act.user.pk, kind="body", record_id=pk,
            subdistrict_id=act.community.subdistrict_id, detail={"community": act.community.code, "source": act.source},
        )  # fmt: skip
        for kind in kinds_of(Body):
            unindex(kind.code, [pk])
    return staying
