"""How pages reach imports: those of the register and place of the page; any other does not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.models import ImportRun, Status

BIG = ("sample_sealed", "groups")
WRITES = (Status.APPLYING, Status.UNDOING)
HAPPENED = (Status.CHECKED, Status.APPLYING, Status.DONE, Status.STOPPED, Status.UNDOING, Status.UNDONE)


def runs_of(register: Register[Any, Any], viewer: Any) -> QuerySet[ImportRun]:
    """The imports of a register at the viewer's place, the latest first."""
    runs = ImportRun.objects.filter(register=register.code, place_id=viewer.place_id)
    return runs.order_by("-created_at", "-pk")


def access_run(register: Register[Any, Any], viewer: Any, pk: UUID) -> ImportRun:
    run = runs_of(register, viewer).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def same_file(run: ImportRun, register: Register[Any, Any], viewer: Any) -> ImportRun | None:
    """The latest other import of the very same file."""
    same = runs_of(register, viewer).filter(file_digest=run.file_digest, status__in=HAPPENED)
    return same.exclude(pk=run.pk).defer(*BIG).first()


def is_waiting(run: ImportRun) -> bool:
    """Whether another import of this register and place is being written, for which this one waits."""
    others = ImportRun.objects.filter(register=run.register, place_id=run.place_id, status__in=WRITES)
    return run.status in WRITES and run.done == 0 and others.exclude(pk=run.pk).exists()
