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
        indexes = [models.Index(fields=["kind", "record_id", "-at"]), models.Index(fields=["subdistrict_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.kind}"


class KeyCheck(models.Model):
    """A key that values here were sealed or digested with, and a known text by which the right key is told."""

    key_id = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=5)
    known = models.TextField()

    def __str__(self) -> str:
        return f"{self.key_id} {self.kind}"
