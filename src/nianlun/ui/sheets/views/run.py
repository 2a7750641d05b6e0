"""One import: its columns, its progress, what checking found, what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.access import access_run, is_waiting, same_file
from nianlun.ui.sheets.applying import note
from nianlun.ui.sheets.files import sample_of
from nianlun.ui.sheets.layout import writable
from nianlun.ui.sheets.models import ImportRun, Kind, Outcome, Status
from nianlun.ui.sheets.showing import columns_shown, groups_shown, rows_page
from nianlun.ui.sheets.streaming import XLSX, Download, written
from nianlun.ui.sheets.writing.errors import write_errors

AnyRegister = Register[Any, Any]
NOT_YOURS = "问题行的表格里是原文件的完整内容，只有上传的人可以下载。"


def show(request: HttpRequest, community: str, register: AnyRegister, run: UUID) -> HttpResponse:
    """The page of the step at which the import is."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    if found.status == Status.COLUMNS:
        return _columns(request, register, viewer, found)
    if found.running:
        return render(request, "ui/sheets/running.html", _about(register, viewer, found))
    if found.status == Status.CHECKED:
        return _preview(request, register, viewer, found)
    return _result(request, register, viewer, found)


def _about(register: AnyRegister, viewer: Any, run: ImportRun) -> dict[str, Any]:
    return {
        "register": register,
        "viewer": viewer,
        "run": run,
        "waiting": is_waiting(run),
        "same": same_file(run, register, viewer),
        "address": reverse("sheets:run", args=[viewer.place_code, register, run.pk]),
        "own_file": run.user_id == viewer.user_id,
    }


def _columns(request: HttpRequest, register: AnyRegister, viewer: Any, run: ImportRun, error: str = "") -> HttpResponse:
    chosen = request.POST.getlist("column") if error else run.columns
    about = {
        **_about(register, viewer, run),
        "columns": columns_shown(run, sample_of(run, run.sheet), chosen),
        "fields": writable(register, viewer),
        "error": error,
    }
    return render(request, "ui/sheets/columns.html", about, status=422 if error else 200)


def _preview(request: HttpRequest, register: AnyRegister, viewer: Any, run: ImportRun) -> HttpResponse:
    kind = request.GET.get("kind", "")
    usual = kind if kind in Kind.values else (Kind.ERROR if run.counts.get(Kind.ERROR) else "")
    chosen = "" if kind == "all" else usual
    rows = run.rows.filter(kind=chosen) if chosen else run.rows.all()
    about = {
        **_about(register, viewer, run),
        "kinds": [(one, run.counts.get(one, 0)) for one in Kind],
        "chosen": chosen,
        "page": rows_page(register, viewer, rows, request.GET),
        "groups": groups_shown(register, run),
        "checked": sum(run.counts.get(one, 0) for one in Kind),
    }
    return render(request, "ui/sheets/preview.html", about)


def _result(request: HttpRequest, register: AnyRegister, viewer: Any, run: ImportRun) -> HttpResponse:
    unusual = run.rows.exclude(outcome=Outcome.USUAL)
    about = {**_about(register, viewer, run), "undone": run.written - run.kept}
    about["page"] = rows_page(register, viewer, unusual, request.GET)
    return render(request, "ui/sheets/result.html", about)


def progress(request: HttpRequest, community: str, register: AnyRegister, run: UUID) -> HttpResponse:
    """The part that tells how far it is; once it is done the page of the next step is asked for."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    response = render(request, "ui/sheets/parts/progress.html", _about(register, viewer, found))
    if not found.running:
        response["HX-Redirect"] = reverse("sheets:run", args=[community, register, found.pk])
    return response


@require_POST
def layout(request: HttpRequest, community: str, register: AnyRegister, run: UUID) -> HttpResponse:
    """Another worksheet, or another row as its head."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    sheet, head = _number(request, "sheet", 0), _number(request, "head", -1)
    asked = head if head >= 0 and sheet == found.sheet else None
    try:
        actions.choose_layout(viewer=viewer, run=found, register=register, sheet=sheet, head=asked)
    except UserError as error:
        return _columns(request, register, viewer, found, error.message)
    return redirect("sheets:run", community, register, found.pk)


@require_POST
def columns(request: HttpRequest, community: str, register: AnyRegister, run: UUID) -> HttpResponse:
    """The columns as a person set them; the check begins."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    try:
        chosen = request.POST.getlist("column")
        actions.set_columns(viewer=viewer, run=found, register=register, columns=chosen)
    except UserError as error:
        if found.status != Status.COLUMNS:
            raise
        return _columns(request, register, viewer, found, error.message)
    return redirect("sheets:run", community, register, found.pk)


@require_POST
def step(request: HttpRequest, community: str, register: AnyRegister, run: UUID, act: str) -> HttpResponse:
    """What one button of the page does: again, start, cancel, go_on, undo."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    if act == "start":
        actions.start(viewer=viewer, run=found, only_good=request.POST.get("rows") == "good")
    elif act == "again":
        actions.change_columns(viewer=viewer, run=found)
    elif act == "cancel":
        actions.cancel(viewer=viewer, run=found)
        messages.success(request, "已取消这次导入。" if not found.written else "已停下，写入的行都在，可以撤回。")
    elif act == "go_on":
        actions.go_on(viewer=viewer, run=found)
    else:
        actions.undo(viewer=viewer, run=found)
    return redirect("sheets:run", community, register, found.pk)


@require_POST
def errors(request: HttpRequest, community: str, register: AnyRegister, run: UUID) -> HttpResponseBase:
    """The bad rows as a sheet to mend, for the one who put them in."""
    viewer = register.viewer(request, community, Need.SHEETS_IN)
    found = access_run(register, viewer, run)
    if found.user_id != viewer.user_id:
        raise PermissionDenied(NOT_YOURS)
    if found.forgotten or not found.bad:
        raise UserError("没有可以下载的问题行：都没有问题，或时间太久已经清除。")
    titles = {one.code: one.title for one in register.fields}
    file, _ = written(lambda into: write_errors(into, found, titles))
    with transaction.atomic():
        note("sheet.errors_exported", found)
    return Download(file, f"需要改正的行-{found.file_name.rpartition('.')[0] or found.file_name}.xlsx", XLSX)


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else otherwise
