"""A decision of a meeting becomes a duty: with the person and the day that the row names, once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from nianlun.duties.actions.added import Charge, add_duty
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.models import Duty, Origin, OwnerWord
from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.models import Entry, OpenedDuty
from nianlun.ledgers.rules.following import parts_of
from nianlun.ledgers.rules.stored import values_of
from nianlun.ledgers.rules.values import expression_of
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy
from nianlun.plans.reading.schedule import Deadline, Point

UNSAID = timedelta(days=30)  # where the row names no day
DEFAULT_LINE = "governance"


@transaction.atomic
def open_duty(*, acting_user: User, pk: UUID, place: int, part: str) -> Duty:
    """The duty of one follow-on; a second press gives the same duty. Raises UserError where it cannot be opened."""
    entry = Entry.objects.select_for_update(of=("self",)).select_related("community").get(pk=pk)
    ledger = ledger_of(entry)
    if not 0 <= place < len(ledger.follow_ons) or ledger.follow_ons[place].opens != "duty":
        raise UserError("这条记录不能变成任务，请刷新后再试。")
    if entry.withdrawn_at is not None:
        raise UserError("这条记录已撤回，不能再变成任务。")
    follow = ledger.follow_ons[place]
    kept = OpenedDuty.objects.filter(entry=entry, follow_on=follow.title, part=part).select_related("duty").first()
    if kept is not None:
        return kept.duty
    values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
    names = parts_of(ledger, follow, values, catalogue.checklists_for(entry.community, values.values()), today()).get(
        part
    )
    if names is None:
        raise UserError("这一条现在不能变成任务，请先核对记录。")
    said = {code: expression_of(words).value(names, today()) for code, words in follow.fill.items()}
    due = said.get("due_on")
    ends_on = due if isinstance(due, date) else today() + UNSAID
    if ends_on < today():
        raise UserError(f"完成期限 {ends_on:%Y-%m-%d} 已经过去，请先修改期限，再变成任务。")
    starts_on = today()
    called = ledger.title if ledger.sensitive else entry.title  # everybody sees duties
    charge = Charge(
        origin=Origin.AD_HOC,
        title=str(said.get("title") or called)[:200],
        line=entry.lines[0] if entry.lines else DEFAULT_LINE,
        schedule=Deadline(Point(ends_on.month, ends_on.day, next_year=ends_on.year > starts_on.year)),
        starts_on=starts_on,
        ends_on=ends_on,
        source_title=(called if ledger.sensitive else f"{ledger.title}：{called}")[:100],
    )
    whom = _whom(str(said.get("owner") or ""), acting_user, entry.community)
    duty = add_duty(acting_user=acting_user, community=entry.community, charge=charge, to=whom)
    OpenedDuty.objects.create(entry=entry, duty=duty, follow_on=follow.title, part=part)
    audit.record(
        "entry.opened", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"duty": str(duty.pk)},
    )  # fmt: skip
    return duty


def _whom(words: str, user: User, community: Community) -> Whom | None:
    """Whom the words name: a colleague, or as words of plans are mapped there; a worker's own where nobody else may.

    None: it stands under 待分工.
    """
    if not Policy(user).allows(May.HAND_OUT, community):
        return Whom(user_id=user.pk)
    if not words:
        return None
    named = list(User.objects.filter(name=words, posts__in=community.posts.current(), is_active=True).distinct()[:2])
    if len(named) == 1:
        return Whom(user_id=named[0].pk)
    mapped = OwnerWord.objects.filter(community=community, word=words).first()
    return Whom.of(mapped) if mapped is not None else None
