"""From a version's bytes to its items, in one transaction at the end; a reading that is cut off leaves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.places.search.index import index
from nianlun.plans.access import base_of
from nianlun.plans.models import Item, ItemText, Plan, PlanVersion, VersionStatus, default_title
from nianlun.plans.pairing import pair
from nianlun.plans.reading import Reading, read_plan
from nianlun.plans.reading.files import PlanFileError, read_file
from nianlun.plans.rereading import item_fields, outline_json

FEWEST_ITEMS = 3
MOST_ITEMS = 3000  # plans have 50 to 400; beyond this it is a list or many plans, and too much for one page of review
LEAST_SHARE = 0.06  # of a text's characters that stand in items: plans have 0.3 to 0.8, novels and minutes next to none
LONGEST_GUESS = 60
CARRIED = ("line", "targets", "schedules", "owners", "dropped_reason")


def store_reading(version_id: str) -> None:
    """Read, pair with the version before, and store; a file that cannot be read leaves its message."""
    version = (
        PlanVersion.objects.select_related("plan__community")
        .filter(pk=version_id, status=VersionStatus.READING)
        .first()
    )
    if version is None:
        return
    _progress(version, 10, "正在打开文件")
    try:
        found = read_file(version.source_name, bytes(version.source_bytes or b""))
    except PlanFileError as error:
        fail(version_id, error.message)
        return
    _progress(version, 40, "正在读出任务、时限、目标和责任人")
    reading = read_plan(found.text)
    _progress(version, 80, "正在与上一版对照")
    rows = _rows(version, reading)
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update().defer("source_bytes").filter(pk=version.pk).first()
        if locked is None or locked.status != VersionStatus.READING:
            return  # thrown away meanwhile, or another run of this job was first
        Item.objects.bulk_create([row.item for row in rows if row.item._state.adding])
        ItemText.objects.bulk_create(rows)
        locked.text, locked.outline = reading.text, outline_json(reading.outline)
        locked.warnings = [*found.warnings, *reading.warnings]
        locked.status, locked.progress, locked.stage = VersionStatus.REVIEW, 100, "已读完"
        if not looks_like_a_plan(reading):
            locked.status = VersionStatus.ASKING
        if reading.year and reading.year != version.plan.year:
            locked.warnings.append(f"文中写的是 {reading.year} 年，上传时选的是 {version.plan.year} 年，请核对。")
        locked.save()
        _adopt_title(version.plan, reading.title)


def looks_like_a_plan(reading: Reading) -> bool:
    """Whether a text has enough commitments, and not too many, to go on without asking."""
    inside = sum(item.end - item.start for item in reading.items)
    return FEWEST_ITEMS <= len(reading.items) <= MOST_ITEMS and inside >= LEAST_SHARE * len(reading.text)


def _adopt_title(plan: Plan, title: str) -> None:
    """The plan is called as its own text calls itself, unless the uploader gave it a name."""
    if title and plan.title == default_title(plan.community, plan.year) and len(title) <= LONGEST_GUESS:
        Plan.objects.filter(pk=plan.pk).update(title=title)
        plan.title = title
        index([plan])


def _rows(version: PlanVersion, reading: Reading) -> list[ItemText]:
    fields = item_fields(reading)
    base = base_of(version)
    earlier = list(base.items.select_related("item")) if base else []
    pairs = pair([row.text for row in earlier], [form["text"] for form in fields])
    rows = []
    for form, at in zip(fields, pairs, strict=True):
        if at is None:
            rows.append(ItemText(version=version, item=Item(plan=version.plan), **form))
            continue
        was = earlier[at]
        rows.append(ItemText(version=version, item=was.item, **{**form, **_carried(was, form)}))
    return rows


def _carried(was: ItemText, form: dict[str, Any]) -> dict[str, Any]:
    """What people set by hand on a sentence stays set where the next version has the same sentence."""
    if was.text != form["text"] or was.revision == 1:
        return {}
    shift = form["start"] - was.start
    carried = {name: getattr(was, name) for name in CARRIED}
    carried["targets"], carried["schedules"] = _moved(was.targets, shift), _moved(was.schedules, shift)
    return carried


def _moved(findings: Sequence[dict[str, Any]], shift: int) -> list[dict[str, Any]]:
    """The findings of a sentence that stands `shift` characters further on."""
    return [
        {**finding, "start": finding["start"] + shift, "end": finding["end"] + shift} if "start" in finding else finding
        for finding in findings
    ]


def _progress(version: PlanVersion, percent: int, stage: str) -> None:
    PlanVersion.objects.filter(pk=version.pk, status=VersionStatus.READING).update(
        progress=percent, stage=stage, progress_at=now()
    )


def fail(version_id: str, message: str) -> None:
    """Nothing of the reading is kept but why it failed."""
    PlanVersion.objects.filter(pk=version_id, status=VersionStatus.READING).update(
        status=VersionStatus.FAILED, failure=message[:400], progress_at=now()
    )
