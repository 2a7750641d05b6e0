"""Addresses of accounts, posts and the office."""

from __future__ import annotations

from django.urls import path

from nianlun.places.views import accounts as views
from nianlun.places.views import subdistrict as views_subdistrict

urlpatterns = [
    path("", views.home, name="home"),
    path("subdistrict/<slug:subdistrict>/", views_subdistrict.office, name="office"),
    path("subdistrict/<slug:subdistrict>/communities/new/", views_subdistrict.new_community, name="new_community"),
    path("subdistrict/<slug:subdistrict>/officers/new/", views_subdistrict.new_officer, name="new_officer"),
    path("subdistrict/<slug:subdistrict>/officers/<uuid:pk>/", views_subdistrict.officer, name="officer"),
    path(
        "subdistrict/<slug:subdistrict>/officers/<uuid:pk>/deputy/",
        views_subdistrict.deputise,
        name="deputise_officer",
    ),
    path("subdistrict/<slug:subdistrict>/officers/<uuid:pk>/reset/", views_subdistrict.reset, name="reset_officer"),
    path("subdistrict/<slug:subdistrict>/officers/<uuid:pk>/end/", views_subdistrict.end, name="end_officer"),
    path("subdistrict/<slug:subdistrict>/officers/<uuid:pk>/reopen/", views_subdistrict.reopen, name="reopen_officer"),
    path("c/<slug:community>/people/", views.people, name="people"),
    path("c/<slug:community>/people/new/", views.new_account, name="new_account"),
    path("c/<slug:community>/people/<uuid:pk>/", views.post, name="post"),
    path("c/<slug:community>/people/<uuid:pk>/deputy/", views.deputise, name="deputise"),
    path("c/<slug:community>/people/<uuid:pk>/reset/", views.reset, name="reset"),
    path("c/<slug:community>/people/<uuid:pk>/end/", views.end, name="end"),
    path("c/<slug:community>/people/<uuid:pk>/reopen/", views.reopen, name="reopen"),
]
