"""Addresses of backups."""

from __future__ import annotations

from django.urls import path

from nianlun.places.views import backups as views

urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("backups/state/", views.state, name="backup_state"),
    path("backups/make/", views.make, name="make_backup"),
]
