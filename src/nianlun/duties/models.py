"""Duties, when they fall due, who has them, and what was done; calendars that people may edit."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.places.models import Body, Community, PostKind, User
from nianlun.plans.models import Item, Plan


class Origin(models.TextChoices):
    PLAN = "plan", "计划内"
    CHARGED = "charged", "上级交办"
    AD_HOC = "ad_hoc", "临时任务"


class Duty(models.Model):
    """What an item, or a charge outside the plan, asks of someone between two days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="duties")
    subdistrict_id = models.UUIDField(db_index=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="duties", null=True)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="duty", null=True)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.PLAN)
    title = models.TextField()
    line = models.CharField(max_length=20)
    schedules = models.JSONField(default=list)  # [schedule form]
    targets = models.JSONField(default=list)
    owner_words = ArrayField(models.CharField(max_length=60), default=list)
    year = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    adopted_on = models.DateField()  # a window that ended before it is "before adoption", not late
    every_day = models.BooleanField(default=False)  # 每天 means working days unless set
    source_title = models.CharField(max_length=120, blank=True)  # the paper that charged it
    source_name = models.CharField(max_length=200, blank=True)
    source_file = models.FileField(upload_to="sources/%Y/", null=True)
    ended_on = models.DateField(null=True)  # left the plan, or was called off
    ended_reason = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "year", "line"])]
        constraints: ClassVar = [
            models.CheckConstraint(name="duty_of_plan_has_item", condition=~Q(origin="plan") | Q(item__isnull=False))
        ]

    def __str__(self) -> str:
        return self.title[:40]


class Mode(models.TextChoices):
    ALL = "all", "每个人都要做"
    ANY = "any", "任一人完成即可"


class Assignee(models.Model):
    """Whom a duty, or a word of ownership, points at: exactly one of a person, a post of the community, or a body."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    post_kind = models.CharField(max_length=20, choices=PostKind.choices, blank=True)
    post_title = models.CharField(max_length=40, blank=True)  # 网格员: everybody who holds that post today
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    mode = models.CharField(max_length=3, choices=Mode.choices, default=Mode.ANY)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(class)s_points_at_one",
                condition=Q(user__isnull=False, post_kind="", post_title="", body__isnull=True)
                | Q(user__isnull=True, body__isnull=False, post_kind="", post_title="")
                | (Q(user__isnull=True, body__isnull=True) & (~Q(post_kind="") | ~Q(post_title=""))),
            )
        ]


class OwnerWord(Assignee):
    """A plan's word of ownership (网格员, 社区民警), mapped once per community and remembered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="owner_words")
    word = models.CharField(max_length=60)
    automatic = models.BooleanField(default=False)  # it equals a post's title, a body's or a person's name

    class Meta(Assignee.Meta):
        constraints: ClassVar = [
            *Assignee.Meta.constraints,
            models.UniqueConstraint(fields=["community", "word"], name="owner_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class Assignment(Assignee):
    """A duty handed to someone, by its owner word or by hand; by hand wins."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="assignments")
    word = models.CharField(max_length=60, blank=True)  # the word it came by; empty: by hand

    def __str__(self) -> str:
        return f"{self.duty_id}"


class OccurrenceStatus(models.TextChoices):
    OPEN = "open", "待办"
    DONE = "done", "已完成"
    VOID = "void", "已取消"
    BEFORE = "before", "计划通过前"  # its window ended before the plan stood: not late, may still be recorded


class Occurrence(models.Model):
    """One time a duty is due, known by (duty, period key, k-th of it) and never by its date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="occurrences")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=20)
    period_key = models.CharField(max_length=40)
    key = models.CharField(max_length=48)
    k = models.PositiveSmallIntegerField(default=1)
    window_start = models.DateField()
    window_end = models.DateField()
    due_on = models.DateField()  # as the calendar says
    marks = ArrayField(models.CharField(max_length=30), default=list)
    postponed_to = models.DateField(null=True)
    postponed_reason = models.CharField(max_length=200, blank=True)
    act_on = models.DateField()  # postponed_to, else due_on: what desks sort by
    status = models.CharField(max_length=6, choices=OccurrenceStatus.choices, default=OccurrenceStatus.OPEN)
    taken_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True
    )  # took it or was handed it
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)  # who handed it over
    done_on = models.DateField(null=True)  # when the work was done
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(null=True)  # when that was entered
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["community", "act_on"], condition=Q(status="open"), name="occurrence_open_by_day"),
            models.Index(fields=["community", "due_on"], name="occurrence_by_due"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "key"], name="occurrence_once")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.key}"


class Share(models.Model):
    """One person's part of an occurrence that everybody of a group must do; it is done when every share is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)  # a stand-in, say
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["occurrence", "user"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.done_on}"


class Attachment(models.Model):
    """A file that somebody added to work done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="done/%Y/%m/")
    added_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Leave(models.Model):
    """Between two days all duties of one person go to another (请假代班)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="leaves")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leaves")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    cancelled_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(name="leave_in_order", condition=Q(ends_on__gte=models.F("starts_on"))),
            models.CheckConstraint(name="leave_needs_another", condition=~Q(user=models.F("stand_in"))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_on}–{self.ends_on}"


class Holiday(models.Model):
    """A day off on a weekday, or a working day at a weekend; tentative until the State Council announces."""

    day = models.DateField(primary_key=True)
    name = models.CharField(max_length=40)
    off = models.BooleanField()  # True: a day off; False: a make-up working day
    tentative = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)  # its year's revision when the row was last written

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HolidayYear(models.Model):
    """A calendar year of the holiday table: whether its rows are people's own now, and how often they were changed."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    edited = models.BooleanField(default=False)  # else the year is as shipped, whatever is stored
    revision = models.PositiveIntegerField(default=0)  # never goes back, so that an old page is known by it

    def __str__(self) -> str:
        return str(self.year)


class NamedDay(models.Model):
    """A festival, observance, season or school holiday, and the rule that finds it in a year."""

    name = models.CharField(primary_key=True, max_length=40)
    when = models.JSONField()  # the form at the head of lines/observances.yaml
    days = models.PositiveSmallIntegerField(default=1)  # how many days running
    tentative = models.BooleanField(default=False)  # set anew each year; the rule gives the usual days
    aliases = ArrayField(models.CharField(max_length=40), default=list)
    edited = models.BooleanField(default=False)  # else the name is as shipped; the row stays for its revision
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
