"""Tags on residents: who belongs to a group that a service is for, with consent and an end where it is sensitive."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import hold, not_ahead
from nianlun.places.models import Resident, ResidentTag, User
from nianlun.places.rules.tags import LONGEST_CONSENT, PURPOSE_LEAST, PURPOSE_MOST, Tag, shipped


@transaction.atomic
def tag(
    *,
    acting_user: User,
    resident: Resident,
    code: str,
    purpose: str = "",
    consent_on: date | None = None,
    consent_how: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> ResidentTag:
    """Set a tag; of a special one purpose, consent and an end within a year are asked."""
    told = known_tag(code)
    starts_on = starts_on or today()
    not_ahead(starts_on)
    purpose, consent_how = purpose.strip(), consent_how.strip()
    check_consent(told, purpose, consent_on, consent_how, starts_on, ends_on)
    held = hold(resident)
    if current(held).filter(code=code).exists():
        raise UserError(f"已有标签“{told.title}”；到期的请续期。")
    with clashes_told():
        made = ResidentTag.objects.create(
            resident=held, code=code, purpose=purpose, consent_on=consent_on, consent_how=consent_how,
            starts_on=starts_on, ends_on=ends_on, added_by=acting_user, added_at=now(),
        )  # fmt: skip
    _record("resident.tagged", acting_user, made, ends_on=ends_on and ends_on.isoformat())
    return made


@transaction.atomic
def renew(*, acting_user: User, tag: ResidentTag, consent_on: date, consent_how: str, ends_on: date) -> ResidentTag:
    """A new consent carries a tag on, for another year at most."""
    held = _held(tag)
    told = known_tag(held.code)
    check_consent(told, held.purpose, consent_on, consent_how.strip(), today(), ends_on)
    if consent_on < (held.consent_on or consent_on):
        raise UserError("新的同意日期早于上一次，请核对。")
    held.consent_on, held.consent_how, held.ends_on = consent_on, consent_how.strip(), ends_on
    held.save(update_fields=["consent_on", "consent_how", "ends_on"])
    _record("resident.tag_renewed", acting_user, held, ends_on=ends_on.isoformat())
    return held


@transaction.atomic
def end(*, acting_user: User, tag: ResidentTag) -> None:
    """The tag no longer holds from today on; one that was set today was a slip and leaves no row."""
    held = _held(tag)
    day = today()
    if held.ends_on is not None and held.ends_on <= day:
        return
    _record("resident.tag_ended", acting_user, held)
    if held.starts_on >= day:
        held.delete()
        return
    held.ends_on = day
    held.save(update_fields=["ends_on"])


def current(resident: Resident) -> QuerySet[ResidentTag]:
    """The tags that hold today; whose consent ran out is not among them."""
    day = today()
    return resident.tags.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def known_tag(code: str) -> Tag:
    """A tag that may be set by hand."""
    told = shipped().get(code)
    if told is None:
        raise UserError("没有这个标签，请从列表里选。")
    if told.band:
        raise UserError(f"“{told.title}”由出生日期自动得出，不用手工登记。")
    return told


def check_consent(
    told: Tag, purpose: str, consent_on: date | None, consent_how: str, starts_on: date, ends_on: date | None
) -> None:
    """What the law asks of a sensitive tag; of any other only that it does not end before it begins."""
    if ends_on is not None and ends_on <= starts_on:
        raise UserError("到期日要晚于开始日，请核对。")
    if not told.special:
        return
    if not PURPOSE_LEAST <= len(purpose) <= PURPOSE_MOST:
        raise UserError(f"“{told.title}”是敏感信息：请写明用途，{PURPOSE_LEAST} 到 {PURPOSE_MOST} 个字。")
    if consent_on is None or not consent_how:
        raise UserError(f"“{told.title}”是敏感信息：请填本人或监护人同意的日期和方式。")
    if consent_on > today():
        raise UserError("同意日期不能晚于今天，请核对。")
    if ends_on is None or ends_on - starts_on > LONGEST_CONSENT:
        raise UserError(f"“{told.title}”是敏感信息：请填到期日，最长一年；到期可以凭新的同意续期。")


def _held(tag: ResidentTag) -> ResidentTag:
    return ResidentTag.objects.select_for_update(of=("self",)).select_related("resident").get(pk=tag.pk)


def _record(action: str, acting_user: User, tag: ResidentTag, **detail: object) -> None:
    """Of a special tag the log keeps that one was set, not which: the log is read by more people than the tag."""
    told = shipped()[tag.code]
    named = {"line": told.line} if told.special else {"tag": tag.code}
    audit.record(
        action, actor_id=acting_user.pk, kind="resident", record_id=tag.resident_id,
        subdistrict_id=tag.resident.subdistrict_id, detail={**named, **detail},
    )  # fmt: skip
