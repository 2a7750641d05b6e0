"""Addresses of this room; the list, the record and the history of a ledger are those of every register."""

from __future__ import annotations

from django.urls import path

from nianlun.ledgers import converters  # noqa: F401 (makes the converter known)
from nianlun.ledgers.views import bulk, home

app_name = "ledgers"
urlpatterns = [
    path("c/<slug:community>/ledgers/", home.show, name="home"),
    path("c/<slug:community>/<ledger:ledger>/steps/", bulk.make, name="steps"),
]
