"""Addresses of residents and households, besides their registers' own."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import duplicates, households, people, tags

RESIDENT = "c/<slug:community>/residents/<uuid:pk>"
HOUSEHOLD = "c/<slug:community>/households/<uuid:pk>"
PAIR = "c/<slug:community>/duplicates/<uuid:one>/<uuid:other>"

urlpatterns: list[URLPattern] = [
    path("c/<slug:community>/residents/take-over/", people.take_over, name="take_over"),
    path(f"{RESIDENT}/move/", people.move, name="move_resident"),
    path(f"{RESIDENT}/out/", people.move_out, name="move_out"),
    path(f"{RESIDENT}/died/", people.died, name="died"),
    path(f"{RESIDENT}/undo/", people.undo, name="undo_resident"),
    path(f"{RESIDENT}/tags/new/", people.tag, name="tag_resident"),
    path(f"{RESIDENT}/tags/<uuid:tag>/renew/", people.renew_tag, name="renew_tag"),
    path(f"{RESIDENT}/tags/<uuid:tag>/end/", people.end_tag, name="end_tag"),
    path(f"{RESIDENT}/related/new/", people.relate, name="relate"),
    path(f"{RESIDENT}/related/<uuid:relationship>/end/", people.end_relationship, name="end_relationship"),
    path(f"{HOUSEHOLD}/born/", households.born, name="born"),
    path(f"{HOUSEHOLD}/split/", households.split, name="split"),
    path(f"{HOUSEHOLD}/join/", households.join, name="join"),
    path(f"{HOUSEHOLD}/head/", households.head, name="change_head"),
    path(f"{HOUSEHOLD}/undo/", households.undo, name="undo_household"),
    path("c/<slug:community>/duplicates/", duplicates.duplicates, name="duplicates"),
    path(f"{PAIR}/", duplicates.compare, name="compare"),
    path(f"{PAIR}/merge/", duplicates.merge, name="merge"),
    path(f"{PAIR}/not-same/", duplicates.not_same, name="not_same"),
    path("c/<slug:community>/merges/<uuid:pk>/undo/", duplicates.part, name="part"),
    path("c/<slug:community>/tags/", tags.of_community, name="tag_counts"),
    path("subdistrict/<slug:subdistrict>/tags/", tags.of_subdistrict, name="subdistrict_tags"),
]
