"""Addresses of the room `places`."""

from __future__ import annotations

from nianlun.places.urls import accounts, audit, backups, ground, groups, people, rounds, search, security

app_name = "places"
urlpatterns = [
    *accounts.urlpatterns,
    *security.urlpatterns,
    *audit.urlpatterns,
    *backups.urlpatterns,
    *search.urlpatterns,
    *ground.urlpatterns,
    *people.urlpatterns,
    *groups.urlpatterns,
    *rounds.urlpatterns,
]
