"""Addresses of the log, and of what is revealed and noted there."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import audit, reveal

urlpatterns: list[URLPattern] = [
    path("audit/", audit.log, name="audit"),
    path("audit/export/", audit.export, name="export_audit"),
    path("reveal/<slug:kind>/<uuid:pk>/<slug:field>/", reveal.show, name="reveal"),
]
