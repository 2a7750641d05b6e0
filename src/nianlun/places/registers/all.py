"""Every register of the room, made known to the generic pages at start-up."""

from __future__ import annotations

from nianlun.places.registers.bodies import BodyRegister
from nianlun.places.registers.buildings import BuildingRegister
from nianlun.places.registers.estates import EstateRegister
from nianlun.places.registers.grids import GridRegister
from nianlun.places.registers.households import HouseholdRegister
from nianlun.places.registers.organisations import OrganisationRegister
from nianlun.places.registers.residents import ResidentRegister
from nianlun.places.registers.rooms import RoomRegister
from nianlun.ui.registers.register import register


def register_all() -> None:
    """Called once at start-up; one line for each kind of record."""
    register(GridRegister())
    register(EstateRegister())
    register(BuildingRegister())
    register(RoomRegister())
    register(OrganisationRegister())
    register(BodyRegister())
    register(ResidentRegister())
    register(HouseholdRegister())
