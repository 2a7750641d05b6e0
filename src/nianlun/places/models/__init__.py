"""The register: places, people, organisations and bodies, and who may see them."""

from nianlun.places.models.ground import (
    Building,
    BuildingGrid,
    Estate,
    EstateKind,
    Grid,
    GridBounds,
    GridDuty,
    Room,
    RoomUse,
    Unit,
)
from nianlun.places.models.groups import Body, BodyKind, Member, Organisation, OrganisationKind
from nianlun.places.models.office import Community, Subdistrict
from nianlun.places.models.people import (
    Household,
    HouseholdKind,
    IdKind,
    Merge,
    NotSame,
    Registered,
    Relationship,
    Residence,
    Resident,
    ResidentState,
    ResidentTag,
    Sex,
)
from nianlun.places.models.posts import LOCAL_KINDS, OFFICE_KINDS, Post
from nianlun.places.models.rounds import CONFIRMING, Confirmation, Outcome, Round, RoundRoom
from nianlun.places.models.scope import InCommunity
from nianlun.places.models.search import Findable
from nianlun.places.models.users import UnknownName, User, UserManager, UserSession
from nianlun.places.post_kinds import PostKind

__all__ = [
    "CONFIRMING",
    "LOCAL_KINDS",
    "OFFICE_KINDS",
    "Body",
    "BodyKind",
    "Building",
    "BuildingGrid",
    "Community",
    "Confirmation",
    "Estate",
    "EstateKind",
    "Findable",
    "Grid",
    "GridBounds",
    "GridDuty",
    "Household",
    "HouseholdKind",
    "IdKind",
    "InCommunity",
    "Member",
    "Merge",
    "NotSame",
    "Organisation",
    "OrganisationKind",
    "Outcome",
    "Post",
    "PostKind",
    "Registered",
    "Relationship",
    "Residence",
    "Resident",
    "ResidentState",
    "ResidentTag",
    "Room",
    "RoomUse",
    "Round",
    "RoundRoom",
    "Sex",
    "Subdistrict",
    "Unit",
    "UnknownName",
    "User",
    "UserManager",
    "UserSession",
]
