"""Where a sheet is put in, and the list of those that were."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.access import BIG, runs_of
from nianlun.ui.sheets.layout import writable
from nianlun.ui.sheets.limits import MOST_BYTES
from nianlun.ui.sheets.reading import Fault, SheetRefused
from nianlun.ui.sheets.streaming import XLSX, Download, written
from nianlun.ui.sheets.writing.blank import write_blank

SHOWN = 20
NOTHING_CHOSEN = "还没有选文件。请选一个 .xlsx、.xls 或 .csv 文件。"


class InMemory(MemoryFileUploadHandler):
    """Holds an upload in memory whatever its size within the limit: it may hold secrets, and no disk is to see them."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.activated = content_length <= MOST_BYTES + 64 * 1024


@csrf_exempt  # only until the handler is set: what follows is protected
def imports(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponse:
    """The form, and the imports so far."""
    request.upload_handlers = [InMemory(request)]
    return _imports(request, community, register)


@csrf_protect
def _imports(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponse:
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    error = ""
    if request.method == "POST":
        try:
            return _upload(request, register, viewer)
        except UserError as refused:
            error = refused.message
    runs = list(runs_of(register, viewer).defer(*BIG)[: SHOWN + 1])
    about = {
        "register": register,
        "viewer": viewer,
        "runs": runs[:SHOWN],
        "more": len(runs) > SHOWN,
        "most_bytes": MOST_BYTES,
        "error": error,
    }
    return render(request, "ui/sheets/imports.html", about, status=422 if error else 200)


def _upload(request: HttpRequest, register: Register[Any, Any], viewer: Any) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        too_big = int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
        raise SheetRefused(Fault.TOO_BIG) if too_big else UserError(NOTHING_CHOSEN)
    name = PurePath(str(file.name)).name
    run = actions.upload(viewer=viewer, register=register, name=name, data=file.read())
    return redirect("sheets:run", community=viewer.place_code, register=register, run=run.pk)


def blank(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponseBase:
    """A blank sheet to fill in."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    file, _ = written(lambda into: write_blank(into, register.title, writable(register, viewer)))
    return Download(file, f"{register.title}导入表.xlsx", XLSX)
