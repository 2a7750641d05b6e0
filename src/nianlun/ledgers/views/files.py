"""Files of entries: sent one by one while a form is being filled, and shown to whoever may see their entry."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nianlun.kernel.errors import UserError
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.files import keep_file, small
from nianlun.ledgers.models import EntryFile

KINDS = {"photos", "files", "signature"}


@require_POST
def add(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """One file; its id goes into the form. A refusal is told in words."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    if not (viewer.may_file or viewer.may_step):
        raise PermissionDenied
    given, kind = request.FILES.get("file"), str(request.POST.get("kind", ""))
    if given is None or kind not in KINDS:
        return JsonResponse({"refused": "没有收到文件，请重新选择。"}, status=422)
    try:
        kept = keep_file(acting_user=viewer.user, community=viewer.community, given=given, kind=kind)
    except UserError as error:
        return JsonResponse({"refused": error.message}, status=error.status)
    address = reverse("ledgers:file", args=[community, ledger, kept.pk])
    return JsonResponse({"id": str(kept.pk), "name": kept.name, "address": address, "picture": is_picture(kept)})


@require_GET
def show(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponseBase:
    """The file, or with ?small=1 a preview of a picture; anything but a picture is a download."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    kept = EntryFile.objects.filter(pk=pk, community=viewer.community).first()
    if kept is None:
        raise Http404
    own = kept.entry_id is None and kept.added_by_id == viewer.user.pk
    if not own and (kept.entry_id is None or not viewer.entries().filter(pk=kept.entry_id).exists()):
        raise Http404
    answer: HttpResponseBase
    if is_picture(kept) and request.GET.get("small"):
        answer = HttpResponse(small(kept), content_type=kept.kind)
    else:
        answer = FileResponse(kept.file.open("rb"), as_attachment=not is_picture(kept), filename=kept.name)
        answer["Content-Type"] = kept.kind
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def is_picture(kept: EntryFile) -> bool:
    return kept.kind in {"image/jpeg", "image/png"}
