"""From an adopted version to duties: made, changed or ended, handed out by their words, and put into the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from nianlun.duties.actions.acts import note_act
from nianlun.duties.actions.hand_out import assign_by_words, map_known_words
from nianlun.duties.materialise import materialise, remove_untouched
from nianlun.duties.models import Duty, Occurrence, OccurrenceStatus
from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.places.models import User
from nianlun.places.search.index import index
from nianlun.plans.models import ItemText, PlanVersion

NOT_LISTED = "新版计划未列入"
FROM_ITEM = ("title", "line", "schedules", "targets", "owner_words", "ended_on", "ended_reason")


@transaction.atomic
def adopt(*, version: PlanVersion, acting_user: User) -> None:
    """Bring the plan's duties in line with the version that now stands; done work stays done."""
    plan, community = version.plan, version.plan.community
    texts = list(version.items.filter(dropped_reason=""))
    by_item = {duty.item_id: duty for duty in Duty.objects.select_for_update(of=("self",)).filter(plan=plan)}
    new, changed = [], []
    for text in texts:
        duty = by_item.pop(text.item_id, None)
        if duty is None:
            new.append(_new(version, text, acting_user))
        elif _update(duty, text):
            changed.append(duty)
    Duty.objects.bulk_create(new, batch_size=500)
    Duty.objects.bulk_update(changed, [*FROM_ITEM, "revision"], batch_size=200)
    ended = [duty for duty in by_item.values() if duty.ended_on is None]
    for duty in ended:
        end(duty, NOT_LISTED, acting_user=acting_user, action="duty.left_plan")
    index([*new, *changed])
    for duty in changed:
        note_act("duty.changed", acting_user=acting_user, record=duty, before={}, version=version.number)
    map_known_words(community)
    assign_by_words(community)
    stored = materialise(community)
    audit.record(
        "duties.adopted", actor_id=acting_user.pk, kind="plan", record_id=plan.pk,
        subdistrict_id=community.subdistrict_id,
        detail={
            "version": version.number, "made": len(new), "changed": len(changed), "ended": len(ended),
            "occurrences": stored.made,
        },
    )  # fmt: skip


def _fields(text: ItemText) -> dict[str, object]:
    return {
        "title": text.text,
        "line": text.line,
        "schedules": text.schedules,
        "targets": text.targets,
        "owner_words": [str(word)[:60] for word in dict.fromkeys(text.owners)],
        "ended_on": None,
        "ended_reason": "",
    }


def _new(version: PlanVersion, text: ItemText, acting_user: User) -> Duty:
    plan = version.plan
    return Duty(
        community=plan.community,
        subdistrict_id=plan.community.subdistrict_id,
        plan=plan,
        item_id=text.item_id,
        year=plan.year,
        starts_on=date(plan.year, 1, 1),
        ends_on=date(plan.year, 12, 31),
        adopted_on=today(),
        created_by=acting_user,
        **_fields(text),
    )


def _update(duty: Duty, text: ItemText) -> bool:
    before = [getattr(duty, name) for name in FROM_ITEM]
    for name, value in _fields(text).items():
        setattr(duty, name, value)
    if before == [getattr(duty, name) for name in FROM_ITEM]:
        return False
    duty.revision += 1
    return True


def end(duty: Duty, reason: str, *, acting_user: User, action: str) -> AuditRow:
    """The duty ends today: what was done or is late stays, what was to come goes, or is void where somebody had it."""
    duty.ended_on, duty.ended_reason = today(), reason
    duty.revision += 1
    duty.save(update_fields=["ended_on", "ended_reason", "revision"])
    coming: Sequence[Occurrence] = list(
        duty.occurrences.filter(status=OccurrenceStatus.OPEN, act_on__gte=duty.ended_on).only("pk")
    )
    remove_untouched(one.pk for one in coming)
    duty.occurrences.filter(status=OccurrenceStatus.OPEN, act_on__gte=duty.ended_on).update(
        status=OccurrenceStatus.VOID
    )
    return note_act(action, acting_user=acting_user, record=duty, before={"ended_on": None}, reason=reason)
