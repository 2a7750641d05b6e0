"""What this room does when Django says that somebody signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from nianlun.places.actions.sessions import begin
from nianlun.places.models import User


def connect() -> None:
    """Called once at start-up."""
    user_logged_in.connect(_signed_in, dispatch_uid="places.signed_in")


def _signed_in(sender: Any, *, request: HttpRequest, user: User, **_: Any) -> None:
    begin(request, user)
