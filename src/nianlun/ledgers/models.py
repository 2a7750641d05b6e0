"""Published declarations, the entries written under them, and every step that an entry made."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nianlun.duties.models import Duty, Occurrence
from nianlun.kernel.clock import now, today
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import MapDigest, SealedMap
from nianlun.places.models import Building, Community, Estate, Grid, InCommunity, Subdistrict, User
from nianlun.plans.models import Item


class Standing(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


class LedgerVersion(models.Model):
    """One version of a ledger's or a checklist's declaration, kept whole; once published it never changes.

    Shipped ones belong to all (no subdistrict); local ones to a subdistrict or one of its communities. An overlay
    adds fields to a ledger that is somebody else's, and has versions of its own.
    """

    class Kind(models.TextChoices):
        LEDGER = "ledger", "台账"
        CHECKLIST = "checklist", "检查表"
        OVERLAY = "overlay", "补充字段"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LEDGER)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=40)
    subdistrict = models.ForeignKey(Subdistrict, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)
    words = models.TextField()  # the file as it was written
    body = models.JSONField(default=dict)  # the same, read
    digest = models.CharField(max_length=64, blank=True)  # of `words`; see declarations.versions
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["code", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code", "version", "subdistrict", "community"],
                nulls_distinct=False,
                name="ledger_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.version}版"


class Entry(InCommunity):
    """One record of a ledger: what happened, where, when, and how far it has come.

    Place ids are those of `occurred_on`: a later change of grids rewrites none. `data` holds values by field code,
    `sealed` the ciphertext of secret ones.
    """

    GRID_PATH = "grid"
    ledger = models.CharField(max_length=40)
    ledger_version = models.ForeignKey(LedgerVersion, on_delete=models.PROTECT, related_name="+")
    overlay_version = models.ForeignKey(LedgerVersion, on_delete=models.PROTECT, related_name="+", null=True)
    overlay_above = models.ForeignKey(  # of its subdistrict, whose fields stand before those of the community's
        LedgerVersion, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)  # person, household, organisation, body, place
    subject_id = models.UUIDField(null=True, blank=True)
    subject_name = models.CharField(max_length=120, blank=True)  # as it was called then
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=40)
    lines = ArrayField(models.CharField(max_length=20), default=list)
    occurred_on = models.DateField(default=today)
    due_on = models.DateField(null=True, blank=True)  # by when its present state asks to be left
    closed_on = models.DateField(null=True, blank=True)
    escalated_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    synced_at = models.DateTimeField(null=True, blank=True)
    late_reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    sealed = SealedMap(default=dict)
    doers = ArrayField(models.UUIDField(), default=list)  # who wrote content or made a step since the last return
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-occurred_on", "-id"]
        verbose_name_plural = "entries"
        indexes: ClassVar = [
            models.Index(fields=["community", "ledger", "-occurred_on", "-id"], name="entry_of_community"),
            models.Index(fields=["subdistrict", "ledger", "-occurred_on", "-id"], name="entry_of_subdistrict"),
            models.Index(fields=["grid", "ledger", "-occurred_on"], name="entry_of_grid"),
            models.Index(fields=["building", "-occurred_on"], name="entry_of_building"),
            models.Index(fields=["subject_id", "-occurred_on"], name="entry_of_subject"),
            models.Index(fields=["community", "ledger", "status", "-occurred_on", "-id"], name="entry_by_status"),
            models.Index(fields=["community", "ledger", "-recorded_at", "-id"], name="entry_by_recorded"),
            models.Index(fields=["community", "due_on"], condition=Q(closed_on=None), name="entry_open_by_due"),
            # Lists of the few among the many: what is open, withdrawn or handed up, and what somebody filed last.
            models.Index(
                fields=["community", "ledger", "-occurred_on", "-id"], condition=Q(closed_on=None), name="entry_open"
            ),
            models.Index(
                fields=["community", "ledger", "-occurred_on", "-id"], condition=~Q(withdrawn_at=None),
                name="entry_withdrawn",
            ),
            models.Index(
                fields=["subdistrict", "escalated_on", "id"], condition=Q(closed_on=None) & ~Q(escalated_on=None),
                name="entry_handed_up",
            ),
            models.Index(fields=["recorded_by", "-id"], name="entry_of_writer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class EntryDigest(models.Model):
    """By which an entry is found from a secret value that one of its fields holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="digests")
    field = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)  # phone, phone_tail, id_number, …
    digest = MapDigest(map="entry__sealed", code_in="field", kind_in="kind")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest"])]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"


class EntryStep(models.Model):
    """One step of an entry's flow, or one person's approval of it where several must approve."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=40)
    title = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40, blank=True)  # empty: an approval that is not the last one needed
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    voided = models.BooleanField(default=False)  # an approval that a later change took back

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.title} {self.at:%Y-%m-%d}"


class EntryLink(models.Model):
    """That one entry opened another: a failed point a hazard, a visit a request; read both ways."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="opened")
    target = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="opened_by")
    follow_on = models.CharField(max_length=40)  # its title in the declaration
    part = models.CharField(max_length=60, blank=True)  # the point or row that it came from

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "follow_on", "part", "target"], name="opened_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class OpenedDuty(models.Model):
    """That an entry became a duty: a meeting's decision what somebody does by a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="opened_duties")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="opened_by_entries")
    follow_on = models.CharField(max_length=40)  # its title in the declaration
    part = models.CharField(max_length=60, blank=True)  # the row that it came from

    class Meta:
        verbose_name_plural = "opened duties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "follow_on", "part"], name="duty_opened_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.duty_id}"


class EntryFile(models.Model):
    """A file of an entry: a photo without its position, a paper, a signature."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="files", null=True)  # null: not filed yet
    field = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)  # its media type
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="entries/%Y/%m/")
    added_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class IssuedPaper(models.Model):
    """A paper that a step issued, with its number, as it read then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="papers")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # within the community, the paper and the year
    body = models.JSONField(default=dict)  # what it says, by part
    issued_on = models.DateField(default=today)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "code", "year", "number"], name="paper_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.year}-{self.number}"


class ItemLedger(models.Model):
    """That a plan's item is carried out by entries of a ledger; suggested by its line and words, or chosen by hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="ledgers")
    ledger = models.CharField(max_length=40)
    suggested = models.BooleanField(default=True)
    refused = models.BooleanField(default=False)  # suggested, and taken away by hand: not suggested again

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "ledger"], name="item_bound_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.ledger}"


class DutyEntry(models.Model):
    """That an entry is what was done for one time of a duty; one entry may serve several.

    `act` is the audit row by which it completed that time; none where the time was done already, or still waits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="entries")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="duties")
    linked_at = models.DateTimeField(default=now)
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    act = models.UUIDField(null=True, editable=False)
    place_id = models.UUIDField(null=True, blank=True)  # of a fan-out's places, the one that it counts for

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["occurrence", "entry"], name="entry_serves_duty_once")]

    def __str__(self) -> str:
        return f"{self.occurrence_id} {self.entry_id}"


class Over(models.TextChoices):
    GRIDS = "grids", "每个网格"
    ESTATES = "estates", "每个小区（院落）"
    BUILDINGS = "buildings", "每栋楼"
    LISTED = "listed", "指定的地点和单位"


class FanOut(models.Model):
    """That a duty is done place by place: a time of it is done once something was entered for every one of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.OneToOneField(Duty, on_delete=models.CASCADE, related_name="fan_out")
    over = models.CharField(max_length=10, choices=Over.choices)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="+", null=True)  # buildings of this alone
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+", null=True)  # or of this
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.get_over_display()


class FanOutPlace(models.Model):
    """One of the places and organisations that a fan-out lists."""

    class Kind(models.TextChoices):
        GRID = "grid", "网格"
        ESTATE = "estate", "小区"
        BUILDING = "building", "楼栋"
        ORGANISATION = "organisation", "单位"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fan_out = models.ForeignKey(FanOut, on_delete=models.CASCADE, related_name="listed")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fan_out", "place_id"], name="place_listed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place_id}"
