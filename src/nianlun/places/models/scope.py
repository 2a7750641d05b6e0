"""What every record of the register has: an id, its community and subdistrict as columns, a revision."""

from __future__ import annotations

from django.db import models

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.places.models.office import Community, Subdistrict


class InCommunity(models.Model):
    """A record of one community; lists and rights ask its columns and walk no tree."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subdistrict = models.ForeignKey(Subdistrict, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        abstract = True
