"""Addresses of grids, estates, buildings and rooms, besides their registers' own."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.places.views import building, ground, map

urlpatterns: list[URLPattern] = [
    path("c/<slug:community>/places/", ground.places, name="places"),
    path("c/<slug:community>/where/", ground.where, name="where"),
    path("c/<slug:community>/move/", ground.move, name="move_buildings"),
    path("c/<slug:community>/grids.geojson", map.export, name="grids_geojson"),
    path("c/<slug:community>/grids/<uuid:pk>/close/", ground.close, name="close_grid"),
    path("c/<slug:community>/grids/<uuid:pk>/reopen/", ground.reopen, name="reopen_grid"),
    path("c/<slug:community>/map/", map.show, name="map"),
    path("c/<slug:community>/map/import/", map.import_bounds, name="import_bounds"),
    path("c/<slug:community>/buildings/<uuid:pk>/make-rooms/", building.make_rooms, name="make_rooms"),
    path("c/<slug:community>/buildings/<uuid:pk>/units/", building.add_unit, name="add_unit"),
    path("c/<slug:community>/buildings/<uuid:pk>/units/<uuid:unit>/", building.rename_unit, name="rename_unit"),
    path("c/<slug:community>/buildings/<uuid:pk>/retire/", building.retire_building, name="retire_building"),
    path(
        "c/<slug:community>/buildings/<uuid:pk>/bring-back/", building.bring_back_building, name="bring_back_building"
    ),
    path("c/<slug:community>/rooms/<uuid:pk>/retire/", building.retire_room, name="retire_room"),
    path("c/<slug:community>/rooms/<uuid:pk>/bring-back/", building.bring_back_room, name="bring_back_room"),
]
