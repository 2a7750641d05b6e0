"""What this room puts on shared pages: the switch of communities and the list of people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nianlun.kernel.backup import shelf
from nianlun.kernel.fields import Field
from nianlun.places import slots_people, slots_rounds
from nianlun.places.access import policy_of
from nianlun.places.here import community_here
from nianlun.places.policy import May
from nianlun.places.rules.secrets import TITLES
from nianlun.places.search.kinds import all_kinds
from nianlun.places.templatetags.secrets import secret
from nianlun.places.views.search import typed_of
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots_people.register()
    slots_rounds.register()
    slots.fill("places_to_go", _switch)
    slots.fill("search_boxes", _search)
    slots.fill("nav", _overview, order=5)
    slots.fill("nav", _ground, order=50)
    slots.fill("nav", _people, order=90)
    slots.fill("nav", _office, order=95)
    slots.fill("nav", _watch, order=96)
    slots.fill("nav", _audit, order=96)
    slots.fill("nav", _backups, order=97)
    slots.fill("warnings", _backup_warning)
    slots.fill("secret_shown", _secret)


def _switch(request: HttpRequest) -> SafeString | None:
    here = community_here(request)
    if here is None:
        return None
    others = [community for community in policy_of(request).visible if community.pk != here.pk]
    return render_to_string("places/switch.html", {"here": here, "others": others})


def _search(request: HttpRequest) -> SafeString | None:
    """For everybody who may see something that it finds; on its own page with what was asked."""
    policy, match = policy_of(request), request.resolver_match
    if policy.user.must_change_password or not any(policy.allows_anywhere(kind.may) for kind in all_kinds()):
        return None
    typed = typed_of(request) if match and match.view_name == "places:search" else ""
    return render_to_string("places/search/box.html", {"csrf_token": get_token(request), "typed": typed})


def _overview(request: HttpRequest) -> list[Link]:
    return [Link("街道总览", "/overview/", "home")] if policy_of(request).subdistricts() else []


def _ground(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    if community is None or not policy_of(request).allows(May.GROUND, community):
        return []
    return [
        Link("网格楼栋", reverse("places:places", args=[community.code]), "building"),
        Link("网格地图", reverse("places:map", args=[community.code]), "map"),
    ]


def _people(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    if community is None or not policy_of(request).allows(May.ACCOUNTS, community):
        return []
    return [Link("人员账号", f"/c/{community.code}/people/", "people")]


def _office(request: HttpRequest) -> list[Link]:
    return [
        Link("街道设置", f"/subdistrict/{subdistrict.code}/", "gear")
        for subdistrict in policy_of(request).subdistricts(May.ACCOUNTS)
    ]


def _watch(request: HttpRequest) -> list[Link]:
    return [
        Link("登录安全", f"/subdistrict/{subdistrict.code}/security/", "shield")
        for subdistrict in policy_of(request).subdistricts(May.SECURITY)
    ]


def _audit(request: HttpRequest) -> list[Link]:
    return [Link("审计日志", "/audit/", "search")] if policy_of(request).subdistricts(May.AUDIT) else []


def _backups(request: HttpRequest) -> list[Link]:
    return [Link("备份", "/backups/", "copy")] if policy_of(request).allows_anywhere(May.BACKUPS) else []


def _backup_warning(request: HttpRequest) -> SafeString | None:
    """On every page of whoever can do something about it, but for the page that tells it all."""
    match = request.resolver_match
    if not policy_of(request).allows_anywhere(May.BACKUPS) or (match and match.view_name == "places:backups"):
        return None
    status = shelf.status()
    if status.running or not (status.old or status.failed):
        return None
    return render_to_string("places/parts/backup_warning.html", {"status": status})


def _secret(request: HttpRequest, *, register: object, row: Any, field: Field, mask: str) -> SafeString | None:
    """A record's secret field with a button for whoever may have it revealed; other records are left to their mask."""
    if field.code not in TITLES.get(str(row._meta.model_name), {}):
        return None
    shown = secret({"request": request, "csrf_token": get_token(request)}, row, field.code)
    return render_to_string("places/parts/secret.html", shown)
