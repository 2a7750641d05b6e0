"""Addresses of the search box."""

from __future__ import annotations

from django.urls import path

from nianlun.places.views import search as views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
]
