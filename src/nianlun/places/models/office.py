"""The lowest government office of a city, and the communities below it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from nianlun.kernel.ids import uuid7


class Subdistrict(models.Model):
    """The lowest government office of a city (街道), and the tenant: nothing but figures leaves it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    # Kinds of post whose holders must give a second factor at the sign-in.
    second_factor_for = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """The area of one residents' committee (社区)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subdistrict = models.ForeignKey(Subdistrict, on_delete=models.PROTECT, related_name="communities")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name
