"""Verification: who was last confirmed when, and rounds that hand rooms out to grid workers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from nianlun.kernel.clock import now, today
from nianlun.kernel.ids import uuid7
from nianlun.places.models.ground import Room
from nianlun.places.models.scope import InCommunity
from nianlun.places.models.users import User


class Outcome(models.TextChoices):
    SAME = "same", "无变化"
    CHANGED = "changed", "有变化，已更新"
    EMPTY = "empty", "无人居住"
    ABSENT = "absent", "敲门无人"
    DECLINED = "declined", "不便核实"


CONFIRMING = (Outcome.SAME, Outcome.CHANGED, Outcome.EMPTY)  # the others leave the room to be visited again


class Round(InCommunity):
    """One time that the register of some buildings is checked, door by door, between two days."""

    name = models.CharField(max_length=60)
    starts_on = models.DateField(default=today)
    ends_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return self.name


class RoundRoom(models.Model):
    """One door of a round, with whom it is, and what was found."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="rooms")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="round_rooms")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="round_rooms", null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["round", "room"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "room"], name="round_visits_a_room_once")]
        indexes: ClassVar = [models.Index(fields=["worker", "done_on"])]

    def __str__(self) -> str:
        return f"{self.round} {self.room}"


class Confirmation(models.Model):
    """That somebody confirmed on a day what the register says of a room and who lives there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="confirmations")
    round = models.ForeignKey(Round, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.CharField(max_length=200, blank=True)
    on = models.DateField(default=today)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.room} {self.on}"
