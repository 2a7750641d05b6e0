"""What this room does when something happens above it: a version is adopted, a post or a body changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from nianlun.duties import findable
from nianlun.duties.actions.adopt import adopt
from nianlun.duties.actions.hand_out import match_words
from nianlun.duties.models import Duty
from nianlun.places.models import Body, Community, Post, User
from nianlun.plans.models import PlanVersion
from nianlun.plans.signals import version_adopted


def connect() -> None:
    """Called once at start-up."""
    version_adopted.connect(_adopted, dispatch_uid="duties.adopted")
    post_save.connect(findable.saved, sender=Duty, dispatch_uid="duties.findable")
    post_save.connect(_post_or_body, sender=Post, dispatch_uid="duties.post")
    post_save.connect(_post_or_body, sender=Body, dispatch_uid="duties.body")


def _adopted(sender: Any, *, version: PlanVersion, acting_user: User, **_: Any) -> None:
    adopt(version=version, acting_user=acting_user)


def _post_or_body(sender: Any, *, instance: Post | Body, **_: Any) -> None:
    if instance.community_id is not None:
        with transaction.atomic():
            match_words(Community.objects.filter(pk=instance.community_id))
