"""The audit trail: who did what to which record and when; rows are only ever added."""

from __future__ import annotations

from django.db import models

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7


class AuditRow(models.Model):
    """One act. The actor is kept as an id without a foreign key, so that this room stays above all others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=now)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    subdistrict_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "record_id", "-at"]),
            models.Index(fields=["subdistrict_id", "-at"]),
            models.Index(fields=["subdistrict_id", "action", "-at"]),
            models.Index(fields=["actor_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.kind}"


class AuditLink(models.Model):
    """A row's place in the chain; `hash` is of the hash before it, this number and the row, so none can be changed."""

    seq = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, models.DO_NOTHING, related_name="link", db_constraint=False)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.seq}:{bytes(self.hash).hex()}"


class ChainCheck(models.Model):
    """That the whole chain was recomputed: how far it went, and how many faults were found."""

    at = models.DateTimeField(default=now)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    faults = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.seq} {self.faults}"


class KeyCheck(models.Model):
    """A key that values here were sealed or digested with, and a known text by which the right key is told."""

    key_id = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=5)
    known = models.TextField()

    def __str__(self) -> str:
        return f"{self.key_id} {self.kind}"


class Submission(models.Model):
    """That something was sent with a key of the sender's: sent again, it gets the same answer and is not done twice."""

    user_id = models.UUIDField()
    key = models.UUIDField()
    content = models.BinaryField(max_length=32)  # keyed digest of what was sent
    answer = models.TextField(blank=True)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.key}"
