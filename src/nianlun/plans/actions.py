"""Writes of plans and versions: put in, kept or thrown away, adopted, withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.models import Community, User
from nianlun.places.search.index import index
from nianlun.plans.findable import index_standing
from nianlun.plans.jobs import read_version
from nianlun.plans.models import Item, ItemText, Plan, PlanVersion, VersionStatus, default_title
from nianlun.plans.reading.files import MAX_BYTES, MAX_CHARACTERS
from nianlun.plans.signals import version_adopted

PASTED = "粘贴的文字.txt"
YEARS = range(2000, 2100)
LONGEST_TITLE = 120
THROWN_AWAY = (VersionStatus.READING, VersionStatus.FAILED, VersionStatus.ASKING)
COPIED = ("item_id", "start", "end", "text", "line", "targets", "schedules", "owners", "rules", "headings", "origin",
          "dropped_reason")  # fmt: skip


@transaction.atomic
def start_plan(
    *, acting_user: User, community: Community, year: int, title: str, name: str, data: bytes
) -> PlanVersion:
    """A new plan of a community; its text is read by a job that starts when this is committed."""
    _check_size(name, data)
    if year not in YEARS:
        raise UserError(f"年份应在 {YEARS.start} 到 {YEARS.stop - 1} 之间。")
    title = title.strip()[:LONGEST_TITLE] or default_title(community, year)
    plan = Plan.objects.create(community=community, year=year, title=title, created_by=acting_user)
    index([plan])
    _record("plan.made", acting_user, plan, {"year": year, "title": title})
    return _put_in(acting_user, plan, name, data)


@transaction.atomic
def start_version(*, acting_user: User, plan: Plan, name: str, data: bytes) -> PlanVersion:
    """Another text of a plan; its items are paired with those of the version before when it is read."""
    _check_size(name, data)
    _check_free(plan)
    return _put_in(acting_user, plan, name, data)


@transaction.atomic
def copy_version(*, acting_user: User, source: PlanVersion) -> PlanVersion:
    """A version to edit with the same text and items as an adopted one."""
    _check_free(source.plan)
    source = PlanVersion.objects.get(pk=source.pk)
    version = PlanVersion.objects.create(
        plan=source.plan, number=_next_number(source.plan), status=VersionStatus.REVIEW, progress=100,
        source_name=source.source_name, source_bytes=source.source_bytes, text=source.text, outline=source.outline,
        warnings=source.warnings, created_by=acting_user,
    )  # fmt: skip
    rows = [ItemText(version=version, **{name: getattr(row, name) for name in COPIED}) for row in source.items.all()]
    ItemText.objects.bulk_create(rows)
    _record("plan.version_copied", acting_user, source.plan, {"from": source.number, "number": version.number})
    return version


@transaction.atomic
def read_again(*, acting_user: User, version: PlanVersion) -> None:
    """Start the reading over, after a failure or where a job was lost; what was read before is not kept."""
    version = _locked(version)
    if version.status not in {VersionStatus.READING, VersionStatus.FAILED}:
        return
    version.status, version.progress, version.stage, version.failure = VersionStatus.READING, 0, "", ""
    version.progress_at = now()
    version.save(update_fields=["status", "progress", "stage", "failure", "progress_at"])
    _record("plan.read_again", acting_user, version.plan, {"number": version.number})
    read_version.defer(version_id=str(version.pk))


@transaction.atomic
def keep_version(*, acting_user: User, version: PlanVersion) -> None:
    """Go on to the review of a text that does not look like a plan."""
    version = _locked(version)
    if version.status == VersionStatus.ASKING:
        version.status = VersionStatus.REVIEW
        version.save(update_fields=["status"])
        _record("plan.version_kept", acting_user, version.plan, {"number": version.number})


@transaction.atomic
def throw_away(*, acting_user: User, version: PlanVersion) -> bool:
    """Remove a text that was put in by mistake; True where the plan, having no other version, went with it."""
    version = _locked(version)
    if version.status not in THROWN_AWAY:
        raise UserError("这一版已进入审阅，不能丢弃；可以在审阅页“撤回”。")
    plan, number = version.plan, version.number
    items = list(version.items.values_list("item_id", flat=True))
    version.items.all().delete()
    version.delete()
    _delete_orphans(plan)
    gone = not plan.versions.exists()
    _record("plan.thrown_away", acting_user, plan, {"number": number, "items": len(items)})
    if gone:
        plan.delete()
    return gone


@transaction.atomic
def withdraw(*, acting_user: User, version: PlanVersion) -> None:
    """Stop the review of a version without adopting it; it stays to be looked at."""
    version = _locked(version)
    if version.status != VersionStatus.REVIEW:
        raise UserError("只有审阅中的版本可以撤回。")
    version.status = VersionStatus.WITHDRAWN
    version.save(update_fields=["status"])
    _record("plan.version_withdrawn", acting_user, version.plan, {"number": version.number})


@transaction.atomic
def reopen(*, acting_user: User, version: PlanVersion) -> None:
    """Undo of withdrawing, while no other version is under way."""
    _check_free(version.plan)
    version = _locked(version)
    if version.status != VersionStatus.WITHDRAWN or version.plan.versions.filter(number__gt=version.number).exists():
        raise UserError("只能恢复最后撤回的版本。")
    version.status = VersionStatus.REVIEW
    version.save(update_fields=["status"])
    _record("plan.version_reopened", acting_user, version.plan, {"number": version.number})


@transaction.atomic
def adopt(*, acting_user: User, version: PlanVersion, edits: int) -> PlanVersion:
    """The version becomes binding and the one before it is superseded; rooms below act in the same transaction.

    `edits` is the number of the last change that the adopter saw.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("community").get(pk=version.plan_id)
    version = _locked(version)
    if version.status != VersionStatus.REVIEW:
        raise UserError(f"这一版{version.get_status_display()}，不能再通过。")
    if version.edits != edits:
        raise StaleRevision("您打开确认页之后又有人改过任务，请核对最新的数字后再通过。")
    if not version.items.filter(dropped_reason="").exists():
        raise UserError("这一版没有任何任务，通过以后什么也不会发生。请先添加任务。")
    plan.versions.filter(status=VersionStatus.ADOPTED).update(status=VersionStatus.SUPERSEDED)
    version.status, version.adopted_at, version.adopted_by = VersionStatus.ADOPTED, now(), acting_user
    version.save(update_fields=["status", "adopted_at", "adopted_by"])
    _delete_orphans(plan)
    index_standing(version)
    _record("plan.adopted", acting_user, plan, {"number": version.number, "version": str(version.pk)})
    version_adopted.send(sender=PlanVersion, version=version, acting_user=acting_user)
    return version


def _check_size(name: str, data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise UserError(f"《{name}》超过 20 MB，没有上传。请删去图片，或只上传计划正文。", code="too_big")
    if name == PASTED and len(data.decode("utf-8", "replace")) > MAX_CHARACTERS:
        raise UserError("粘贴的文字超过 50 万字，没有读取。请只粘贴一份计划的正文。", code="too_long")


def _check_free(plan: Plan) -> None:
    """One version of a plan is under way at a time."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    under_way = plan.versions.filter(status__in=[*THROWN_AWAY, VersionStatus.REVIEW]).first()
    if under_way is not None:
        word = under_way.get_status_display()
        raise UserError(f"第 {under_way.number} 版还在{word}，请先通过、撤回或丢弃它，再做新版。")


def _put_in(acting_user: User, plan: Plan, name: str, data: bytes) -> PlanVersion:
    version = PlanVersion.objects.create(
        plan=plan, number=_next_number(plan), source_name=name[:200], source_bytes=data, created_by=acting_user
    )
    _record(
        "plan.version_put_in", acting_user, plan, {"number": version.number, "name": name[:200], "bytes": len(data)}
    )
    read_version.defer(version_id=str(version.pk))
    return version


def _next_number(plan: Plan) -> int:
    return (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(version: PlanVersion) -> PlanVersion:
    rows = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__community")
    return rows.defer("source_bytes").get(pk=version.pk)


def _delete_orphans(plan: Plan) -> None:
    """Identities that no version's text has any more, left by merging and undoing before adoption."""
    Item.objects.filter(plan=plan, texts__isnull=True).delete()


def _record(action: str, acting_user: User, plan: Plan, detail: dict[str, object]) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="plan", record_id=plan.pk,
        subdistrict_id=plan.community.subdistrict_id, detail=detail,
    )  # fmt: skip
