"""One record of every kind in one community, for walking every address; and everybody who may come by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from nianlun.duties.models import Attachment, Leave
from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import seal
from nianlun.ledgers.models import DutyEntry, Entry, EntryFile, FanOut, IssuedPaper
from nianlun.ledgers.papers import body_of
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import (
    LOCAL_KINDS,
    Community,
    GridDuty,
    Household,
    Merge,
    Organisation,
    PostKind,
    Relationship,
    Resident,
    ResidentTag,
    Round,
    RoundRoom,
    Unit,
    User,
    UserSession,
)
from nianlun.plans.actions_items import drop_item
from nianlun.ui.registers.register import all_registers
from nianlun.ui.sheets.models import ImportRun
from tests.duties import make as duties
from tests.ledgers.designer import make as designer
from tests.ledgers.make import hazard
from tests.places import make
from tests.places.ground import make as ground
from tests.plans import making

HOME, OFFICE, FAR, NEXT = "wutong", "qinghe", "elsewhere", "heying"


@dataclass(frozen=True)
class Visitor:
    """Who comes by: their post (None: signs in no more, or never did) and where it is."""

    name: str
    kind: PostKind | None
    place: str  # HOME, OFFICE, FAR or NEXT


VISITORS = (
    *(Visitor(kind.value, kind, HOME if kind in LOCAL_KINDS else OFFICE) for kind in PostKind),
    Visitor("far_secretary", PostKind.SECRETARY, FAR),
    Visitor("far_administrator", PostKind.ADMINISTRATOR, FAR),
    Visitor("neighbour", PostKind.SECRETARY, NEXT),
    Visitor("closed", None, HOME),
    Visitor("nobody", None, HOME),
)


def come(visitor: Visitor, world: dict[str, Any]) -> Client:
    """A browser in which the visitor has signed in, if they can."""
    client = Client(raise_request_exception=False)
    home: Community = world["home"]
    if visitor.name == "nobody":
        return client
    if visitor.kind is None:
        user = make.worker(visitor.name, at=home)
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        return client
    far = make.subdistrict(FAR)
    if visitor.kind in LOCAL_KINDS:
        places = {HOME: home, NEXT: make.community(NEXT), FAR: make.community("faraway", of=far)}
        user = make.worker(visitor.name, at=places[visitor.place], kind=visitor.kind)
        if visitor.place == HOME:
            user.posts.update(lines=list(LINE_TITLES))
            GridDuty.objects.create(grid=world["grid"], post=user.posts.get())
    else:
        user = make.officer(visitor.name, of=home.subdistrict if visitor.place == OFFICE else far, kind=visitor.kind)
    client.force_login(user)
    return client


def build() -> dict[str, Any]:
    """The records by the names that every_url.yaml calls them."""
    town = duties.world()
    home, holder = town.home, make.worker("holder", at=town.home)
    town.adopt(duties.Wanted("巡查楼道", owners=["网格员"]), year=today().year)
    occurrence = town.first("巡查楼道")
    version = making.in_review(home, town.boss)
    first, second = version.items.order_by("start")[:2]
    attachment = Attachment.objects.create(
        occurrence=occurrence, name="a.txt", file=ContentFile(b"a", "a.txt"), size=1, added_by=town.boss
    )
    leave = Leave.objects.create(
        community=home, user=town.grid1, stand_in=town.grid2, starts_on=today(), ends_on=today() + timedelta(days=2)
    )
    grid = make.grid(at=home)
    building = ground.building(at=home, grid=grid)
    room = ground.room(of=building)
    one, other, double = (ground.resident(name, behind=room) for name in ("张三", "李四", "张叁"))
    walk = Round.objects.create(
        subdistrict=home.subdistrict, community=home, name="春季核实", made_by=town.boss,
        ends_on=today() + timedelta(days=9),
    )  # fmt: skip
    household = Household.objects.create(
        subdistrict=home.subdistrict, community=home, building=building, grid=grid, room=room, code="h1", head=one
    )
    Resident.objects.filter(pk__in=[one.pk, other.pk]).update(household=household)
    entry = hazard(town.boss, home)
    Entry.objects.filter(pk=entry.pk).update(grid=grid)
    FanOut.objects.create(duty=occurrence.duty, over="grids", set_by=town.boss)
    served = DutyEntry.objects.create(entry=entry, occurrence=occurrence, linked_by=town.boss)
    issued = IssuedPaper.objects.create(
        entry=entry, community=home, code="rectification_notice", year=2027, number=1, issued_by=town.boss,
        body=body_of(entry, "rectification_notice"),
    )  # fmt: skip
    officer = make.officer("officer_held", of=home.subdistrict)
    return {
        "home": home,
        "post": holder.posts.get(),
        "user": holder,
        "session": UserSession.objects.create(user=holder, session_key="x" * 32),
        "body": town.team,
        "officer": officer.posts.get(),
        "plan": version.plan,
        "number": version.number,
        "item": first,
        "sentence": second,
        "change": drop_item(acting_user=town.boss, row=second, revision=second.revision, reason="重复"),
        "occurrence": occurrence,
        "duty": occurrence.duty,
        "attachment": attachment,
        "leave": leave,
        "grid": grid,
        "building": building,
        "estate": building.estate,
        "unit": Unit.objects.get(building=building),
        "room": room,
        "organisation": Organisation.objects.create(
            subdistrict=home.subdistrict, community=home, kind="shop", name="面馆", grid=grid
        ),
        "member": town.team.members.all()[0],
        "round": walk,
        "door": RoundRoom.objects.create(round=walk, room=room),
        "resident": one,
        "one": one,
        "other": other,
        "household": household,
        "entry": entry,
        "link": served,
        "paper": issued,
        "entry_file": EntryFile.objects.create(
            community=home,
            entry=entry,
            name="a.jpg",
            kind="image/jpeg",
            size=1,
            added_by=town.boss,
            file=ContentFile(b"a", "a.jpg"),
        ),
        "draft": designer.overlay_draft(town.boss, designer.of(home), designer.PARTNER),
        "office_draft": designer.overlay_draft(officer, designer.office(home), designer.SOURCE, designer.PARTNER),
        "tag": ResidentTag.objects.create(resident=one, code="veteran", added_by=town.boss),
        "relationship": Relationship.objects.create(resident=one, other=other, kind="carer"),
        "joined": Merge.objects.create(kept=one, dropped=double, by=town.boss),
        "runs": {register.code: _run(register.code, home, town.boss) for register in all_registers()},
    }


def _run(register: str, home: Community, boss: User) -> ImportRun:
    """An import of that register that waits for its columns."""
    return ImportRun.objects.create(
        register=register, place_id=home.pk, place_code=home.code, tenant_id=home.subdistrict_id, user_id=boss.pk,
        user_name=boss.name, actor_id=boss.pk, file_name="a.csv", file_bytes=1, file_digest="0" * 64,
        sample_sealed=seal(json.dumps([[["名称"]]])), 
        sheets=[{"name": "a", "hidden": False, "height": 1, "first": 0, "place": 0}], titles=["名称"], columns=[""],
    )  # fmt: skip
