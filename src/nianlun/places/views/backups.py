"""The page of backups: how old the last good one is, which there are, and how one is brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.backup import shelf
from nianlun.kernel.backup.jobs import is_under_way
from nianlun.kernel.sealing.keys import source
from nianlun.places.access import policy_of, signed_in
from nianlun.places.actions.backups import ask_for_backup
from nianlun.places.policy import May


@never_cache
def backups(request: HttpRequest) -> HttpResponse:
    _require(request)
    about = {**_state(), "folder": shelf.folder(), "keys": source(), "kept": shelf.KEPT}
    return render(request, "places/backups.html", about)


@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """The part of the page that is asked again while a backup is being made."""
    _require(request)
    return render(request, "places/parts/backup_state.html", _state())


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    _require(request)
    if is_under_way():
        messages.info(request, "备份已经在进行，不用再点。")
    else:
        ask_for_backup(acting_user=signed_in(request))
        messages.success(request, "已开始备份，可以离开此页。")
    return redirect("places:backups")


def _state() -> dict[str, Any]:
    return {"status": shelf.status(), "backups": shelf.backups(), "under_way": is_under_way()}


def _require(request: HttpRequest) -> None:
    """Backups are of the whole installation, so there is no place to be a stranger to: the wrong post is refused."""
    if not policy_of(request).allows_anywhere(May.BACKUPS):
        raise PermissionDenied
