"""A plan, its versions, and the items that keep their identity from version to version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.places.models import Community, User


def default_title(community: Community, year: int) -> str:
    """What a plan is called until its text, or someone, says otherwise."""
    return f"{community.name}{year}年工作计划"


class Plan(models.Model):
    """What a community promises for one year; its texts are its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-year", "-created_at"]
        indexes = [models.Index(fields=["community", "-year", "-created_at"])]

    def __str__(self) -> str:
        return self.title


class VersionStatus(models.TextChoices):
    READING = "reading", "读取中"
    FAILED = "failed", "未能读取"
    ASKING = "asking", "待确认"  # read, but it does not look like a plan: the uploader is asked
    REVIEW = "review", "审阅中"
    ADOPTED = "adopted", "已通过"
    SUPERSEDED = "superseded", "已被新版代替"
    WITHDRAWN = "withdrawn", "已撤回"


class PlanVersion(models.Model):
    """One text of a plan, as it was read, reviewed and adopted; at most one version of a plan stands adopted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.READING)
    source_name = models.CharField(max_length=200, blank=True)
    source_bytes = models.BinaryField(null=True)  # the file as it came, kept for the way back to the paper
    text = models.TextField(blank=True)
    outline = models.JSONField(default=list)  # [{start, end, level, title, body_end}]
    warnings = models.JSONField(default=list)  # [str], shown above the review
    progress = models.PositiveSmallIntegerField(default=0)  # percent of the reading
    stage = models.CharField(max_length=40, blank=True)  # what the reading is at, in words
    progress_at = models.DateTimeField(default=now)  # when the reading last said how far it is
    failure = models.CharField(max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=1)  # counts changes of which items stand in it
    edits = models.PositiveIntegerField(default=0)  # counts every change of the review: the number of the last one
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(status="adopted"), name="one_adopted_version"),
        ]

    def __str__(self) -> str:
        return f"{self.plan.title} 第{self.number}版"


class Item(models.Model):
    """The identity of a commitment across versions; duties, done work and entries hang on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="items")

    def __str__(self) -> str:
        return str(self.pk)


class ItemOrigin(models.TextChoices):
    READ = "read", "自动读出"
    ADDED = "added", "人工添加"
    MERGED = "merged", "合并"
    SPLIT = "split", "拆分"


class ItemText(models.Model):
    """An item as it stands in one version: its sentence, line of work, targets, schedules and owners."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="texts")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    line = models.CharField(max_length=20)
    targets = models.JSONField(default=list)  # GUIDELINES.md's form, with start and end
    schedules = models.JSONField(default=list)  # the same; a schedule made by hand has no start and end
    owners = models.JSONField(default=list)  # [str]
    rules = models.JSONField(default=list)  # names of the rules that fired
    headings = models.JSONField(default=list)  # titles above it, outermost first
    origin = models.CharField(max_length=8, choices=ItemOrigin.choices, default=ItemOrigin.READ)
    dropped_reason = models.CharField(max_length=200, blank=True)  # not empty: left out of the year, and why
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["start", "end"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "item"], name="item_once_in_version"),
            models.CheckConstraint(name="item_text_is_a_stretch", condition=Q(end__gt=models.F("start"))),
        ]

    def __str__(self) -> str:
        return self.text[:40]


UNDONE = "撤销："


class ReviewChange(models.Model):
    """One change of a review: who made it, and how its items stood before, so that it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()  # 1, 2, 3 … within the version
    what = models.CharField(max_length=80)  # in words: 修改任务, 合并两条任务
    structural = models.BooleanField(default=False)  # it changed which items stand in the version
    before = models.JSONField()  # {id of an item's text: its fields, or null where it did not stand}
    after = models.JSONField()  # {id of an item's text: its revision then, or null where it no longer stands}
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number"], name="change_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

    @property
    def is_undo(self) -> bool:
        return self.what.startswith(UNDONE)


class Presence(models.Model):
    """Someone has a version's review open; the page says so again every few seconds."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=now)
    editing = models.UUIDField(null=True)  # the item text whose form is open

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at:%H:%M:%S}"
