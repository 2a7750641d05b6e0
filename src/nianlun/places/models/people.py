"""Who lives here: households and residents, over time."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from nianlun.kernel.clock import now, today
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import Digest, SealedText
from nianlun.places.models.ground import Building, Days, Grid, Room
from nianlun.places.models.scope import InCommunity
from nianlun.places.models.users import User


class HouseholdKind(models.TextChoices):
    FAMILY = "family", "家庭户"
    COLLECTIVE = "collective", "集体户"


class Household(InCommunity):
    """Those who live together behind one door (户); where it lives today stands here, the past in its residences."""

    GRID_PATH = "grid"
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="households", null=True, blank=True)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="households", null=True, blank=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="households", null=True, blank=True)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=HouseholdKind.choices, default=HouseholdKind.FAMILY)
    head = models.ForeignKey("Resident", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    started_on = models.DateField(default=today)
    ended_on = models.DateField(null=True, blank=True)
    joined_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subdistrict", "code"], name="household_code_once")]
        indexes: ClassVar = [models.Index(fields=["community", "id"]), models.Index(fields=["grid", "id"])]

    def __str__(self) -> str:
        return self.code


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"
    UNKNOWN = "unknown", "未说明"


class IdKind(models.TextChoices):
    RESIDENT = "resident", "居民身份证"
    HOUSEHOLD_BOOK = "household_book", "户口簿"
    PASSPORT = "passport", "护照"
    HK_MACAO = "hk_macao", "港澳居民来往内地通行证"
    TAIWAN = "taiwan", "台湾居民来往大陆通行证"
    FOREIGN = "foreign", "外国人永久居留身份证"


class Registered(models.TextChoices):
    """Where the household registration (户籍) lies beside where one lives."""

    HERE = "here", "人户一致"
    ELSEWHERE = "elsewhere", "人在户不在"
    AWAY = "away", "户在人不在"
    UNKNOWN = "unknown", "未核实"


class ResidentState(models.TextChoices):
    LIVING = "living", "现住"
    MOVED_OUT = "moved_out", "已迁出"
    DIED = "died", "已故"
    MERGED = "merged", "已合并"


class Resident(InCommunity):
    """A person of the register; where they live today stands here, the past in their residences."""

    GRID_PATH = "grid"
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="residents", null=True, blank=True)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="residents", null=True, blank=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="residents", null=True, blank=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residents", null=True, blank=True)
    relation = models.CharField(max_length=20, blank=True)  # to the head of the household: 户主, 配偶, 子, 女, …
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=60, blank=True)  # of the name's pinyin; may be set right by hand
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    born_on = models.DateField(null=True, blank=True)
    id_kind = models.CharField(max_length=20, choices=IdKind.choices, default=IdKind.RESIDENT)
    id_number_sealed = SealedText(blank=True)
    id_number_digest = Digest(null=True, of="id_number_sealed", kind="id_number")
    phone_sealed = SealedText(blank=True)
    phone_digest = Digest(null=True, of="phone_sealed", kind="phone")
    phone_tail_digest = Digest(null=True, of="phone_sealed", kind="phone_tail")
    nationality = models.CharField(max_length=20, blank=True)  # 民族
    education = models.CharField(max_length=20, blank=True)
    work_unit = models.CharField(max_length=80, blank=True)
    registered = models.CharField(max_length=20, choices=Registered.choices, default=Registered.UNKNOWN)
    registered_address = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=ResidentState.choices, default=ResidentState.LIVING)
    died_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subdistrict", "id_number_digest"],
                condition=Q(id_number_digest__isnull=False) & ~Q(state="merged"),
                name="resident_id_number_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "state", "name", "id"]),
            models.Index(fields=["grid", "state", "name", "id"]),
            models.Index(fields=["building", "state"]),
            models.Index(fields=["community", "born_on"]),
            models.Index(fields=["subdistrict", "name", "born_on"]),
            models.Index(fields=["subdistrict", "phone_digest"]),
        ]

    def __str__(self) -> str:
        return self.name


class Residence(models.Model):
    """That a resident lived in a household, behind a door, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="residences")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residences", null=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="residences", null=True)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="residences", null=True)
    relation = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer held
    began_by = models.CharField(max_length=20, blank=True)  # 登记, 迁入, 出生, 并户, 合并
    ended_by = models.CharField(max_length=20, blank=True)  # 迁出, 死亡, 并户, 搬家

    class Meta:
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="resident_lives_in_one_place_a_day",
                expressions=[
                    ("resident", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="residence_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["building", "starts_on"])]

    def __str__(self) -> str:
        return f"{self.resident} {self.starts_on}"


class Relationship(models.Model):
    """What one resident is to another, whichever household each lives in: a guardian, a carer, a parent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="relationships")
    other = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="related")
    kind = models.CharField(max_length=20)  # what `other` is to `resident`; see relations.py
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [
            models.CheckConstraint(name="nobody_is_related_to_themselves", condition=~Q(resident=F("other"))),
            models.UniqueConstraint(fields=["resident", "other", "kind"], name="relationship_once"),
        ]

    def __str__(self) -> str:
        return f"{self.resident} {self.kind} {self.other}"


class ResidentTag(models.Model):
    """That a resident belongs to a group which some service is for; a special category asks consent and an end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="tags")
    code = models.CharField(max_length=40)  # of lines/tags.yaml
    purpose = models.CharField(max_length=200, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_how = models.CharField(max_length=60, blank=True)  # 书面, 口头由…见证
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer holds
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["code", "-starts_on"]
        indexes: ClassVar = [models.Index(fields=["code", "resident"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resident", "code", "starts_on"], name="tag_once_from_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.resident} {self.code}"


class Merge(models.Model):
    """Two entries of the register found to be one person: what moved, so that it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    dropped = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)  # ids by kind and former plain values; never a secret one
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.dropped} → {self.kept}"


class NotSame(models.Model):
    """Two entries that look alike and were judged to be two people; they are not asked about again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    one = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")  # of the greater id
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["one", "other"], name="judged_once")]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
