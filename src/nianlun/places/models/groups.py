"""Legal persons at work here, and groups with members and terms inside the community."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from nianlun.kernel.clock import today
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import Digest, SealedText
from nianlun.places.models.ground import Building, Estate, Grid, Room
from nianlun.places.models.office import Community
from nianlun.places.models.people import Resident
from nianlun.places.models.scope import InCommunity
from nianlun.places.models.users import User


class OrganisationKind(models.TextChoices):
    COMPANY = "company", "企业"
    SHOP = "shop", "商铺"
    SCHOOL = "school", "学校"
    SOCIAL = "social", "社会组织"
    PROPERTY = "property", "物业企业"
    OWNERS = "owners", "业主委员会"
    PUBLIC = "public", "机关事业单位"
    OTHER = "other", "其他"


class Organisation(InCommunity):
    """A legal person, or what acts like one, that works in the community (单位)."""

    GRID_PATH = "grid"
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(max_length=100)
    initials = models.CharField(max_length=100, blank=True)
    credit_code_sealed = SealedText(blank=True)
    credit_code_digest = Digest(null=True, of="credit_code_sealed", kind="credit_code")
    contact = models.CharField(max_length=40, blank=True)
    phone_sealed = SealedText(blank=True)
    phone_digest = Digest(null=True, of="phone_sealed", kind="phone")
    phone_tail_digest = Digest(null=True, of="phone_sealed", kind="phone_tail")
    address = models.CharField(max_length=120, blank=True)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="organisations", null=True, blank=True
    )
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="organisations", null=True, blank=True)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="organisations", null=True, blank=True)
    estates = models.ManyToManyField(Estate, related_name="kept_by", blank=True)  # of a property company
    staff = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "credit_code_digest"],
                condition=Q(credit_code_digest__isnull=False),
                name="credit_code_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["community", "name", "id"])]

    def __str__(self) -> str:
        return self.name


class BodyKind(models.TextChoices):
    BRANCH = "branch", "党组织"
    COMMITTEE = "committee", "委员会"
    TEAM = "team", "队伍"
    GROUP = "group", "小组"
    OTHER = "other", "其他"


class Body(models.Model):
    """A group with members inside a community: a branch, a committee, a team (支部, 委员会, 队伍)."""

    SUBDISTRICT_PATH = "community__subdistrict_id"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=20, choices=BodyKind.choices, default=BodyKind.TEAM)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True)
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    term_starts_on = models.DateField(null=True, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "bodies"
        constraints: ClassVar = [models.UniqueConstraint(fields=["community", "name"], name="body_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def subdistrict_id(self) -> UUID:
        return self.community.subdistrict_id


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> MemberQuerySet:
        """Members whose term holds today."""
        day = today()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )


class Member(models.Model):
    """That somebody, a colleague or a resident, belongs to a body, in which post and for how long."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True)
    post = models.CharField(max_length=20, blank=True)  # 书记, 主任, 委员, 队长, …
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer holds

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["body", "starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="member_is_a_colleague_or_a_resident",
                condition=Q(user__isnull=False, resident__isnull=True) | Q(user__isnull=True, resident__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["body", "user"], condition=Q(ends_on__isnull=True), name="colleague_is_a_member_once"
            ),
            models.UniqueConstraint(
                fields=["body", "resident"], condition=Q(ends_on__isnull=True), name="resident_is_a_member_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.resident}"
