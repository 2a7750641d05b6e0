"""The password policy's words where Django's own are not in Chinese."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位。"
