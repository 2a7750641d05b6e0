"""What imports leave behind goes after a while: the file soon, the rows when an undo is no longer to be expected."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.ui.sheets.limits import KEPT_DAYS, WAITING_DAYS
from nianlun.ui.sheets.models import ImportBatch, ImportPart, ImportRow, ImportRun, Status

WAITING = (Status.COLUMNS, Status.CHECKED)


@transaction.atomic
def forget() -> None:
    """Cancel what nobody went on with for WAITING_DAYS; drop rows and files of runs that ended KEPT_DAYS ago."""
    moment = now()
    idle = ImportRun.objects.filter(status__in=WAITING, moved_at__lt=moment - timedelta(days=WAITING_DAYS))
    idle.update(status=Status.CANCELLED, ended_at=moment, moved_at=moment)
    ended = ImportRun.objects.filter(ended_at__isnull=False)
    ImportPart.objects.filter(run__in=ended).delete()
    gone = [Status.CANCELLED, Status.FAILED]
    old = ended.filter(forgotten=False)
    old = old.filter(ended_at__lt=moment - timedelta(days=KEPT_DAYS)) | old.filter(status__in=gone)
    ids = list(old.values_list("pk", flat=True))
    for model in (ImportRow, ImportBatch):
        model.objects.filter(run_id__in=ids)._raw_delete("default")
    ImportRun.objects.filter(pk__in=ids).update(forgotten=True, sample_sealed="")
