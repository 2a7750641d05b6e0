"""Addresses of sheets, below each register's list."""

from __future__ import annotations

from django.urls import path

from nianlun.ui.registers import converters  # noqa: F401 (makes the converter known)
from nianlun.ui.sheets.views import export, run, uploads

app_name = "sheets"
BASE = "c/<slug:community>/<register:register>"
RUN = f"{BASE}/import/<uuid:run>"
urlpatterns = [
    path(f"{BASE}/export/", export.export, name="export"),
    path(f"{BASE}/import/", uploads.imports, name="imports"),
    path(f"{BASE}/import/blank/", uploads.blank, name="blank"),
    path(f"{RUN}/", run.show, name="run"),
    path(f"{RUN}/progress/", run.progress, name="progress"),
    path(f"{RUN}/layout/", run.layout, name="layout"),
    path(f"{RUN}/columns/", run.columns, name="columns"),
    path(f"{RUN}/errors/", run.errors, name="errors"),
    path(f"{RUN}/again/", run.step, {"act": "again"}, name="again"),
    path(f"{RUN}/start/", run.step, {"act": "start"}, name="start"),
    path(f"{RUN}/cancel/", run.step, {"act": "cancel"}, name="cancel"),
    path(f"{RUN}/go-on/", run.step, {"act": "go_on"}, name="go_on"),
    path(f"{RUN}/undo/", run.step, {"act": "undo"}, name="undo"),
]
