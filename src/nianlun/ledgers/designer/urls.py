"""Addresses of the designer, once for a community and once for a subdistrict."""

from __future__ import annotations

from django.urls import URLPattern, path

from nianlun.ledgers.designer.views import home, parts, text, version

PLACES = (("c/<slug:community>/designer/", "design_"), ("subdistrict/<slug:subdistrict>/designer/", "office_design_"))


def _at(place: str, name: str) -> list[URLPattern]:
    one = f"{place}<uuid:pk>/"
    return [
        path(place, home.show, name=f"{name}home"),
        path(f"{place}begin/", home.begin, name=f"{name}begin"),
        path(one, version.show, name=f"{name}version"),
        path(f"{one}publish/", version.publish, name=f"{name}publish"),
        path(f"{one}retire/", version.retire, name=f"{name}retire"),
        path(f"{one}restore/", version.restore, name=f"{name}restore"),
        path(f"{one}next/", version.follow, name=f"{name}next"),
        path(f"{one}discard/", version.discard, name=f"{name}discard"),
        path(f"{one}settings/", parts.settings, name=f"{name}settings"),
        path(f"{one}add/<slug:part>/", parts.add, name=f"{name}add"),
        path(f"{one}change/<slug:part>/<slug:which>/", parts.change, name=f"{name}change"),
        path(f"{one}move/<slug:part>/<slug:which>/", parts.move, name=f"{name}move"),
        path(f"{one}drop/<slug:part>/<slug:which>/", parts.drop, name=f"{name}drop"),
        path(f"{one}examples/", parts.remake, name=f"{name}remake"),
        path(f"{one}text/", text.edit, name=f"{name}text"),
        path(f"{one}check/", text.check, name=f"{name}check"),
        path(f"{one}preview/", text.preview, name=f"{name}preview"),
        path(f"{one}ask/<slug:asked>/", text.ask, name=f"{name}ask"),
    ]


urlpatterns = [pattern for place, name in PLACES for pattern in _at(place, name)]
