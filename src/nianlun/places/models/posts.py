"""What people are entrusted with, where and for how long."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nianlun.kernel.clock import today
from nianlun.kernel.ids import uuid7
from nianlun.places.models.office import Community, Subdistrict
from nianlun.places.models.users import User
from nianlun.places.post_kinds import PostKind

LOCAL_KINDS = (PostKind.SECRETARY, PostKind.WORKER, PostKind.GRID_WORKER)
OFFICE_KINDS = tuple(kind for kind in PostKind if kind not in LOCAL_KINDS)


class PostQuerySet(models.QuerySet["Post"]):
    def current(self) -> PostQuerySet:
        """Posts whose term holds today and whose holder's account is open."""
        day = today()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            user__is_active=True,
        )

    def lasting(self) -> PostQuerySet:
        """Posts that hold today or will, whoever's account is open."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()))


class Post(models.Model):
    """What someone is entrusted with, where and for how long; a post of the subdistrict has no community."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=20, choices=PostKind.choices)
    subdistrict = models.ForeignKey(Subdistrict, on_delete=models.PROTECT, related_name="posts")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="posts", null=True, blank=True)
    title = models.CharField(max_length=40, blank=True)  # 民政专干, 网格员, … in the community's own words
    lines = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # A deputy holds a post of their own for a term, with what the deputised post holds.
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, related_name="deputies", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="post_has_its_place",
                condition=Q(kind__in=[kind.value for kind in LOCAL_KINDS], community__isnull=False)
                | Q(kind__in=[kind.value for kind in OFFICE_KINDS], community__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
