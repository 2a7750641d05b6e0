"""Addresses of the generic pages; rooms that draw a page of their own put theirs before."""

from __future__ import annotations

from django.urls import path

from nianlun.ui.registers import converters  # noqa: F401 (makes the converter known)
from nianlun.ui.registers.views import form, listing, record

app_name = "registers"
urlpatterns = [
    path("c/<slug:community>/<register:register>/", listing.show, name="list"),
    path("c/<slug:community>/<register:register>/find/", listing.find, name="find"),
    path("c/<slug:community>/<register:register>/new/", form.new, name="new"),
    path("c/<slug:community>/<register:register>/<uuid:pk>/", record.show, name="record"),
    path("c/<slug:community>/<register:register>/<uuid:pk>/edit/", form.edit, name="edit"),
    path("c/<slug:community>/<register:register>/<uuid:pk>/history/", record.history, name="history"),
]
