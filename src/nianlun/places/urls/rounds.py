"""Addresses of verification rounds."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import rounds as views

ROUND = "c/<slug:community>/rounds/<uuid:pk>/"

urlpatterns: list[URLPattern] = [
    path("c/<slug:community>/rounds/", views.rounds, name="rounds"),
    path("c/<slug:community>/rounds/new/", views.new_round, name="new_round"),
    path(ROUND, views.show_round, name="round"),
    path(f"{ROUND}buildings/<uuid:building>/", views.round_building, name="round_building"),
    path(f"{ROUND}hand-over/", views.hand_over, name="hand_over_doors"),
    path(f"{ROUND}close/", views.close_round, name="close_round"),
    path(f"{ROUND}reopen/", views.reopen_round, name="reopen_round"),
    path("c/<slug:community>/doors/", views.doors, name="doors"),
    path("c/<slug:community>/doors/<uuid:pk>/", views.door, name="door"),
    path("c/<slug:community>/doors/<uuid:pk>/take-back/", views.take_back, name="take_back_door"),
    path("c/<slug:community>/confirmed/", views.confirmed, name="confirmed"),
]
