"""Small records for tests of the search box."""

from __future__ import annotations

from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.places.models import Building, Community, Estate, Grid, Organisation, Resident, Room, Unit
from nianlun.places.search.index import index
from nianlun.places.search.pinyin import initials


def grid(code: str = "g1", *, at: Community) -> Grid:
    made = Grid.objects.create(community=at, subdistrict=at.subdistrict, code=f"{at.code}-{code}", name=f"第{code}网格")
    index([made])
    return made


def building(name: str = "3号楼", *, at: Community, estate: str = "清风苑", grid: Grid | None = None) -> Building:
    place = {"community": at, "subdistrict": at.subdistrict}
    of, _ = Estate.objects.get_or_create(code=f"{at.code}-{estate}", defaults={**place, "name": estate})
    made = Building.objects.create(estate=of, code=f"{of.code}-{name}", name=name, grid=grid, **place)
    index([of, made])
    return made


def room(number: str = "302", *, of: Building) -> Room:
    unit, _ = Unit.objects.get_or_create(building=of, position=2, defaults={"name": "2单元"})
    return Room.objects.create(
        building=of, unit=unit, number=number, community=of.community, subdistrict=of.subdistrict
    )


def resident(
    name: str, *, at: Community, room: Room | None = None, id_number: str = "", phone: str = "", state: str = "living"
) -> Resident:
    made = Resident.objects.create(
        community=at, subdistrict=at.subdistrict, name=name, initials=initials(name, person=True), state=state,
        room=room, building=room.building if room else None, grid=room.building.grid if room else None,
        id_number_sealed=seal(id_number), id_number_digest=digest("id_number", id_number) if id_number else None,
        phone_sealed=seal(phone), phone_digest=digest("phone", phone) if phone else None,
        phone_tail_digest=digest("phone_tail", phone) if phone else None,
    )  # fmt: skip
    index([made])
    return made


def organisation(name: str, *, at: Community, credit_code: str = "", kind: str = "company") -> Organisation:
    made = Organisation.objects.create(
        community=at, subdistrict=at.subdistrict, name=name, kind=kind, credit_code_sealed=seal(credit_code),
        credit_code_digest=digest("credit_code", credit_code) if credit_code else None,
    )  # fmt: skip
    index([made])
    return made
