"""Addresses of organisations and bodies, besides their registers' own."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import groups as views

BODY = "c/<slug:community>/bodies/<uuid:pk>/"

urlpatterns: list[URLPattern] = [
    path("c/<slug:community>/organisations/<uuid:pk>/close/", views.close_organisation, name="close_organisation"),
    path("c/<slug:community>/organisations/<uuid:pk>/reopen/", views.reopen_organisation, name="reopen_organisation"),
    path("c/<slug:community>/bodies/tree/", views.tree, name="bodies"),
    path(f"{BODY}close/", views.close_body, name="close_body"),
    path(f"{BODY}reopen/", views.reopen_body, name="reopen_body"),
    path(f"{BODY}members/new/", views.add_member, name="add_member"),
    path(f"{BODY}members/find/", views.find_member, name="find_member"),
    path(f"{BODY}members/<uuid:member>/", views.change_member, name="change_member"),
    path(f"{BODY}term/", views.new_term, name="new_term"),
]
