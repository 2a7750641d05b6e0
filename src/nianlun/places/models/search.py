"""The one search box's index: whatever can be found, of any room, with the words that find it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from nianlun.kernel.ids import uuid7
from nianlun.places.models.ground import Grid
from nianlun.places.models.office import Community, Subdistrict


class Findable(models.Model):
    """One record as the search box knows it: how it is called, and the pieces of words that find it.

    `grams` holds bigrams of names and addresses, pinyin initials, and digests of secret numbers, never their digits.
    """

    GRID_PATH = "grid"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    subdistrict = models.ForeignKey(Subdistrict, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", null=True)
    grid = models.ForeignKey(Grid, on_delete=models.SET_NULL, related_name="+", null=True)
    title = models.CharField(max_length=120)
    subtitle = models.CharField(max_length=200, blank=True)
    grams = ArrayField(models.CharField(max_length=48))
    gone = models.BooleanField(default=False)  # moved out, closed: listed after the others

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "record_id"], name="findable_once")]
        # With the community in it a word that a whole subdistrict has costs only those rows that the reader may see.
        indexes: ClassVar = [GinIndex(fields=["community", "grams"], name="findable_grams")]

    def __str__(self) -> str:
        return self.title
