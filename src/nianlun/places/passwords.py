"""The two password policies that a house may choose from, and everything that follows from each.

`asvs` is OWASP ASVS 5.0, V6.2: length alone, no mix of characters, no expiry, what is common is refused. `dengbao` is
how auditors read 等保 2.0 (GB/T 22239, level 3): a mix of characters, changed each quarter, not one of the last, a
longer lock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from nianlun.kernel.clock import now
from nianlun.places.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """One policy; 0 and None mean that it does not ask for this."""

    min_length: int
    classes: int  # how many of small letters, capitals, figures and other characters
    lasts: timedelta | None  # after which it must be changed
    remembers: int  # how many of the last ones, the present included, do not serve again
    attempts: int  # failures in a row that lock the sign-in
    lock: timedelta
    idle: timedelta  # after which a session without any act ends

    @property
    def hint(self) -> str:
        """What a new password must be, said to whoever chooses one."""
        if not self.classes:
            return (
                f"至少 {self.min_length} 位，不要用常见密码，也不要与登录名、姓名相近。一句好记的话就很好，可以粘贴。"
            )
        told = f"至少 {self.min_length} 位，大写字母、小写字母、数字、符号至少用{'一二三四'[self.classes - 1]}种"
        told += f"；不能与最近 {self.remembers} 次用过的相同" if self.remembers else ""
        return told + (f"；{self.lasts.days} 天内须更换。" if self.lasts else "。")

    @property
    def lock_minutes(self) -> int:
        return int(self.lock.total_seconds() // 60)

    @property
    def idle_minutes(self) -> int:
        return int(self.idle.total_seconds() // 60)


POLICIES: dict[str, PasswordPolicy] = {
    "asvs": PasswordPolicy(
        min_length=10, classes=0, lasts=None, remembers=1, attempts=5,
        lock=timedelta(minutes=15), idle=timedelta(minutes=30),
    ),
    "dengbao": PasswordPolicy(
        min_length=8, classes=3, lasts=timedelta(days=90), remembers=5, attempts=5,
        lock=timedelta(minutes=30), idle=timedelta(minutes=15),
    ),
}  # fmt: skip


def password_policy() -> PasswordPolicy:
    """The one that this installation chose."""
    chosen = POLICIES.get(settings.NIANLUN_PASSWORD_POLICY)
    if chosen is None:
        raise ImproperlyConfigured(f"NIANLUN_PASSWORD_POLICY must be one of: {', '.join(POLICIES)}")
    return chosen


def is_worn_out(user: User) -> bool:
    """Whether a password has to be changed for its age."""
    lasts = password_policy().lasts
    return lasts is not None and user.password_set_at + lasts <= now()


def used_before(user: User, new: str) -> bool:
    """Whether a new password is the present one or, where the policy remembers them, one of those before it."""
    known = [user.password, *user.former_passwords][: password_policy().remembers]
    return any(check_password(new, hashed) for hashed in known)


def remembered(user: User) -> list[str]:
    """The hashes to keep once the present password is replaced, newest first."""
    return [user.password, *user.former_passwords][: password_policy().remembers - 1]


class ByPolicy:
    """Django's validator of length and mix, by the policy chosen; what is common or near the name others refuse."""

    def validate(self, password: str, user: object = None) -> None:
        policy = password_policy()
        wrong: Sequence[str] = [
            *([f"密码太短，至少要 {policy.min_length} 位。"] if len(password) < policy.min_length else []),
            *(
                ["密码的花样太少：大写字母、小写字母、数字、符号，至少要用其中三种。"]
                if sum(bool(re.search(kind, password)) for kind in CLASSES) < policy.classes
                else []
            ),
        ]
        if wrong:
            raise ValidationError(list(wrong))

    def get_help_text(self) -> str:
        return password_policy().hint
