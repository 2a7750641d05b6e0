"""A register's list as a file: who took which of it is logged, and the file is made row by row."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.ui.registers.asked import NUMBER_LIKE, Asked, asked, rows_asked_for
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.sheets.streaming import CSV, XLSX, Download, written
from nianlun.ui.sheets.writing.export import write_csv, write_xlsx

MOST_EXPORTED = 200_000
WRITERS = {"xlsx": (write_xlsx, XLSX), "csv": (write_csv, CSV)}


def export(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponseBase:
    """What would be taken; sent, the file. The address carries the list's box, filters and order."""
    viewer = register.viewer(request, community, Need.SHEETS_OUT)
    told = asked(register, viewer, request.GET)
    rows = rows_asked_for(register, viewer, request.GET)
    count = rows.order_by().count()
    if request.method != "POST":
        about = {"register": register, "viewer": viewer, "asked": told, "count": count, "most": MOST_EXPORTED}
        return render(request, "ui/sheets/export.html", about)
    if not count:
        raise UserError("没有可以导出的记录。请减少条件再导出。")
    if count > MOST_EXPORTED:
        raise UserError(f"一次最多导出 {MOST_EXPORTED // 10_000} 万条，现在有 {count} 条。请加条件分几次导出。")
    form = "csv" if request.POST.get("form") == "csv" else "xlsx"
    write, kind = WRITERS[form]
    file, taken = written(lambda into: write(into, register, viewer, rows))
    with transaction.atomic():
        _record(register, viewer, told, taken, form)
    return Download(file, f"{viewer.place_name}{register.title}-{now():%Y%m%d}.{form}", kind)


def _record(register: Register[Any, Any], viewer: Any, told: Asked, count: int, form: str) -> None:
    """Who took how many records of which list; words that may be somebody's number are left out."""
    words = "（号码）" if NUMBER_LIKE.search(told.words) else told.words
    chosen = {choice.filter.title: choice.said for choice in told.choices if choice.value}
    audit.record(
        "sheet.exported",
        actor_id=viewer.user_id,
        kind="register",
        record_id=viewer.place_id,
        subdistrict_id=viewer.tenant_id,
        detail={"register": register.code, "form": form, "count": count, "words": words, "filters": chosen},
    )
