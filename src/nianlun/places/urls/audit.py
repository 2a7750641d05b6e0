"""Addresses of the log, and of what is revealed and noted there."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import reveal

urlpatterns: list[URLPattern] = [
    path("reveal/<slug:kind>/<uuid:pk>/<slug:field>/", reveal.show, name="reveal"),
]
