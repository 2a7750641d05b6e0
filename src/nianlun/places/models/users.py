"""Who signs in; what they may do comes from their posts alone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import SealedText


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
    password_set_at = models.DateTimeField(default=now)
    former_passwords = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # hashes, newest first
    totp_sealed = SealedText(blank=True)  # the second factor's secret
    totp_since = models.DateTimeField(null=True)  # when it was first proved; null: not in use
    totp_step = models.BigIntegerField(default=0)  # the last time step that was accepted; none serves twice
    recovery_hashes = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    feed_secret = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "username"]

    def __str__(self) -> str:
        return self.name


class UserSession(models.Model):
    """One sign-in on one device, from its start to its end; its owner sees it and may end it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80, blank=True)  # a browser and a system, such as "Chrome · Android"
    address = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        indexes: ClassVar = [models.Index(fields=["user", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class UnknownName(models.Model):
    """Failed sign-ins with a name that nobody has: counted and locked like an account's, so that they read the same."""

    digest = models.CharField(max_length=64, primary_key=True)  # keyed: what was typed may be somebody's password
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
