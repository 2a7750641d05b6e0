"""Where work is done and who does it: subdistrict, community, user, post and body."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from nianlun.kernel.clock import now, today
from nianlun.kernel.ids import uuid7


class Subdistrict(models.Model):
    """The lowest government office of a city (街道), and the tenant: nothing but figures leaves it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)

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


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None, *, name: str) -> User:
        user = self.model(username=username, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in; what they may do comes from their posts alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    feed_secret = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "username"]

    def __str__(self) -> str:
        return self.name


class PostKind(models.TextChoices):
    SUBDISTRICT = "subdistrict", "街道"
    SECRETARY = "secretary", "社区书记"
    WORKER = "worker", "社区工作者"
    ADMINISTRATOR = "administrator", "管理员"


class PostQuerySet(models.QuerySet["Post"]):
    def current(self) -> PostQuerySet:
        """Posts whose term holds today and whose holder's account is open."""
        day = today()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            user__is_active=True,
        )


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

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="post_has_its_place",
                condition=Q(kind__in=["secretary", "worker"], community__isnull=False)
                | Q(kind__in=["subdistrict", "administrator"], community__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class Body(models.Model):
    """A group with members inside a community: a branch, a committee, a team (支部, 委员会, 队伍)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=60)
    members = models.ManyToManyField(User, related_name="bodies", blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "bodies"
        constraints: ClassVar = [models.UniqueConstraint(fields=["community", "name"], name="body_name_once")]

    def __str__(self) -> str:
        return self.name
