"""The ground: grids, and estates with their buildings, units and rooms."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from nianlun.kernel.clock import today
from nianlun.kernel.ids import uuid7
from nianlun.places.models.posts import Post
from nianlun.places.models.scope import InCommunity
from nianlun.places.models.users import User


class Days(Func):
    """The days of a spell as a range: from its first day on, up to and without its last."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Grid(InCommunity):
    """A part of a community, normally 300–500 households, and who walks it."""

    GRID_PATH = "pk"
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField(default=today)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subdistrict", "code"], name="grid_code_once")]

    def __str__(self) -> str:
        return self.name


class GridBounds(models.Model):
    """Where a grid ran from one day to another: a GeoJSON Polygon or MultiPolygon in degrees, longitude first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="bounds")
    shape = models.JSONField()
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer held

    class Meta:
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="grid_has_one_shape_a_day",
                expressions=[("grid", RangeOperators.EQUAL), (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.grid} {self.starts_on}"


class GridDuty(models.Model):
    """That the holder of a post walks a grid, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="duties")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grid_duties")
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer held

    class Meta:
        ordering: ClassVar = ["grid", "starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grid", "post"], condition=Q(ends_on__isnull=True), name="grid_duty_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.grid}"


class EstateKind(models.TextChoices):
    ESTATE = "estate", "商品房小区"
    OLD = "old", "老旧小区"
    WORK_UNIT = "work_unit", "单位宿舍"
    RESETTLED = "resettled", "安置小区"
    COURTYARDS = "courtyards", "平房院落"
    OTHER = "other", "其他"


class Estate(InCommunity):
    """Where people live together under one name (小区)."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=EstateKind.choices, default=EstateKind.ESTATE)
    address = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subdistrict", "code"], name="estate_code_once")]

    def __str__(self) -> str:
        return self.name


class Building(InCommunity):
    """One house of an estate; which grid it belongs to today stands here, and since when in its spells."""

    GRID_PATH = "grid"
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="buildings", null=True, blank=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)  # 3号楼
    initials = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=120, blank=True)
    floors = models.PositiveSmallIntegerField(default=1)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["estate", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["subdistrict", "code"], name="building_code_once")]

    def __str__(self) -> str:
        return f"{self.estate.name}{self.name}"


class BuildingGrid(models.Model):
    """In which grid a building lay, from one day to another; so who was in which grid stays answerable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="grid_spells")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="building_spells")
    starts_on = models.DateField(default=today)
    ends_on = models.DateField(null=True, blank=True)  # the first day on which it no longer held

    class Meta:
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="building_in_one_grid_a_day",
                expressions=[
                    ("building", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="building_grid_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.grid} {self.starts_on}"


class Unit(models.Model):
    """One stairway of a building (单元); a building without any has one, unnamed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=20, blank=True)  # 1单元
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["building", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["building", "position"], name="unit_position_once")]

    def __str__(self) -> str:
        return self.name


class RoomUse(models.TextChoices):
    OWNER = "owner", "自住"
    RENTED = "rented", "出租"
    EMPTY = "empty", "空置"
    SHOP = "shop", "商用"
    OFFICE = "office", "办公"
    SHARED = "shared", "公共用房"
    UNKNOWN = "unknown", "未核实"


class Room(InCommunity):
    """A door behind which somebody lives or works (户室)."""

    GRID_PATH = "building__grid"
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="rooms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rooms")
    number = models.CharField(max_length=20)  # 302
    floor = models.SmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=1)  # from the left on its floor
    use = models.CharField(max_length=20, choices=RoomUse.choices, default=RoomUse.UNKNOWN)
    area = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)  # square metres
    note = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["building", "unit__position", "floor", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "number"], name="room_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["community", "verified_on", "id"]),
            models.Index(fields=["building", "floor"]),
        ]

    def __str__(self) -> str:
        return f"{self.building}{self.unit.name}{self.number}"
