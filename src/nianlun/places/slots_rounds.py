"""What rounds, organisations and bodies put on shared pages: their links, and one's open doors on the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nianlun.kernel.clock import today
from nianlun.places.access import policy_of, signed_in
from nianlun.places.doors import Tally, my_stops
from nianlun.places.here import community_here
from nianlun.places.models import Community, Round
from nianlun.places.policy import May
from nianlun.places.registers.bodies import BodyRegister
from nianlun.places.registers.organisations import OrganisationRegister
from nianlun.places.viewing import CommunityViewer
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _groups, order=56)
    slots.fill("nav", _verifying, order=57)
    slots.fill("desk_lists", _my_doors, order=20)
    slots.fill("audit_acts", _acts)


def _groups(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    if community is None or not policy_of(request).allows(May.GROUND, community):
        return []
    return [
        Link("单位", f"/c/{community.code}/organisations/?state=open", "shop"),
        Link("组织和队伍", reverse("places:bodies", args=[community.code]), "group"),
    ]


def _verifying(request: HttpRequest) -> list[Link]:
    """To the rounds for whoever runs them, to one's doors for whoever knocks at them, else to what is confirmed."""
    community, policy = community_here(request), policy_of(request)
    if community is None:
        return []
    ways = ((May.ROUNDS, "rounds"), (May.VERIFY, "doors"), (May.GROUND, "confirmed"))
    name = next((name for may, name in ways if policy.allows(may, community)), None)
    return [Link("上门核实", reverse(f"places:{name}", args=[community.code]), "check")] if name else []


def _my_doors(request: HttpRequest, community: Community) -> SafeString | None:
    """Nothing where none of one's doors is open."""
    policy = policy_of(request)
    if not policy.allows(May.VERIFY, community):
        return None
    rounds: dict[Round, Tally] = {}
    for stop in my_stops(CommunityViewer(signed_in(request), community, policy)):
        rounds[stop.round] = rounds.get(stop.round, Tally()) + stop.tally
    left = [(round, tally) for round, tally in rounds.items() if tally.open]
    if not left:
        return None
    about = {"community": community, "rounds": left, "today": today(), "open": sum(tally.open for _, tally in left)}
    return render_to_string("places/parts/my_doors.html", about)


def _acts(request: HttpRequest) -> dict[str, str]:
    """The acts on these records as the audit log puts them into words."""
    return {
        **{act: f"单位{said}" for act, said in OrganisationRegister.acts.items() if act.startswith("organisation.")},
        **{act: f"组织{said}" for act, said in BodyRegister.acts.items()},
        "round.begun": "开始一轮核实",
        "round.handed_over": "转交核实的户室",
        "round.closed": "结束一轮核实",
        "round.reopened": "重新开始一轮核实",
        "room.visited": "上门核实",
        "room.visit_taken_back": "撤销上门核实",
    }
