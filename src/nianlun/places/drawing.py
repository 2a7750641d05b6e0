"""What the pages of a building and of a room show besides their fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Household, Organisation, Residence, Resident, ResidentState, Room
from nianlun.places.policy import May
from nianlun.places.rules.floors import Column, elevation
from nianlun.places.rules.freshness import STEPS, Step, step_of
from nianlun.places.viewing import CommunityViewer

PAST = 50  # former residents shown on a room's page


@dataclass(frozen=True, slots=True)
class Cell:
    """One door of a drawn building; `people` is None where the viewer sees no residents."""

    room: Room
    step: Step
    people: int | None


def drawn_building(building: Building, viewer: CommunityViewer) -> dict[str, Any]:
    """The building's front, unit by unit from the top floor down, and what else is known of it."""
    sees = viewer.policy.allows_record(May.PEOPLE, building)
    day = today()
    doors = building.rooms.select_related("unit").order_by("unit__position", "floor", "position", "number")
    rooms = list(doors)
    people = _people(building) if sees else {}
    cells = [
        (room.unit_id, room.floor, room.position, Cell(room, step_of(room.verified_on, day), people.get(room.pk, 0)))
        for room in rooms
        if room.retired_on is None
    ]
    if not sees:
        cells = [(unit, floor, position, Cell(cell.room, cell.step, None)) for unit, floor, position, cell in cells]
    steps = Counter(cell.step for *_, cell in cells)
    names = {str(room.unit_id): room.unit.name for room in rooms}
    columns: list[Column[Cell]] = elevation((str(unit), floor, position, cell) for unit, floor, position, cell in cells)
    for column in columns:
        column.title = names[column.key]
    return {
        "community": viewer.community,
        "rooms_address": reverse("registers:list", args=[viewer.place_code, "rooms"]),
        "units": columns,
        "legend": [(step, steps[step]) for step in STEPS],
        "retired_rooms": [room for room in rooms if room.retired_on is not None],
        "sees_people": sees,
        "people_count": sum(people.values()),
        "spells": list(building.grid_spells.select_related("grid")),
        "organisations": list(Organisation.objects.filter(building=building, closed_on=None)),
        "may_change": viewer.policy.allows(May.GROUND_EDIT, viewer.community),
    }


def _people(building: Building) -> dict[Any, int]:
    """Living residents by room, None for those whose room is not known."""
    living = Resident.objects.filter(building=building, state=ResidentState.LIVING)
    return dict(living.order_by().values_list("room").annotate(Count("pk")))


def told_room(room: Room, viewer: CommunityViewer) -> dict[str, Any]:
    """Who lives and works behind a door, who did, and who confirmed it when."""
    sees = viewer.policy.allows_record(May.PEOPLE, room)
    about: dict[str, Any] = {
        "community": viewer.community,
        "step": step_of(room.verified_on, today()),
        "sees_people": sees,
        "organisations": list(Organisation.objects.filter(room=room, closed_on=None)),
        "confirmations": list(room.confirmations.select_related("by")[:20]),
        "may_change": viewer.policy.allows(May.GROUND_EDIT, viewer.community),
    }
    if sees:
        theirs = viewer.policy.rows(Resident.objects.all(), May.PEOPLE)
        about["residents"] = list(
            theirs.filter(room=room, state=ResidentState.LIVING).select_related("household").order_by("household", "pk")
        )
        about["households"] = list(Household.objects.filter(room=room, ended_on=None).select_related("head"))
        past = Residence.objects.filter(room=room, ends_on__lte=today(), resident__in=theirs)
        past = past.exclude(resident__state=ResidentState.MERGED).select_related("resident")
        about["past"] = list(past.order_by("-ends_on", "-pk")[:PAST])
    return about
