"""The register of rooms (户室): doors behind which somebody lives or works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.fields import Checked, Field
from nianlun.places.actions.ground_buildings import save_rooms
from nianlun.places.drawing import told_room
from nianlun.places.models import Building, Grid, Room, RoomUse
from nianlun.places.registers.ground import IN_USE, NO_MORE, GroundRegister
from nianlun.places.rules.addresses import building_key, name_key, room_key, unit_key
from nianlun.places.rules.floors import MOST_FLOORS, MOST_PER_FLOOR, floor_of
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Order

USES = {use.value: str(use.label) for use in RoomUse}


def _buildings(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    rows = Building.objects.filter(community=viewer.community).select_related("estate").order_by("code")
    return [(str(row.pk), str(row)) for row in rows]


def _grids(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    rows = Grid.objects.filter(community=viewer.community, closed_on=None).order_by("code")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _uses(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return list(USES.items())


def _states(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return [("open", IN_USE), ("retired", NO_MORE)]


def _verifieds(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return [("never", "从未核实"), ("once", "核实过")]


def _in_building(rows: QuerySet[Room], value: str, viewer: CommunityViewer) -> QuerySet[Room]:
    return rows.filter(building_id=value)


def _in_grid(rows: QuerySet[Room], value: str, viewer: CommunityViewer) -> QuerySet[Room]:
    return rows.filter(building__grid_id=value)


def _of_use(rows: QuerySet[Room], value: str, viewer: CommunityViewer) -> QuerySet[Room]:
    return rows.filter(use=value)


def _in_state(rows: QuerySet[Room], value: str, viewer: CommunityViewer) -> QuerySet[Room]:
    return rows.filter(retired_on__isnull=value == "open")


def _verified(rows: QuerySet[Room], value: str, viewer: CommunityViewer) -> QuerySet[Room]:
    return rows.filter(verified_on__isnull=value == "never")


Key = tuple[UUID, str, str]  # a room's building, and the keys of its unit and number


@dataclass(slots=True)
class _Book:
    """What a batch is looked up in."""

    buildings: dict[str, list[Building]]  # by the key of the name, of estate and name, or of the code
    rooms: dict[Key, Room]
    seen: set[Key] = field(default_factory=set)  # of new ones in this batch


class RoomRegister(GroundRegister[Room]):
    """Rooms, each in a unit of a building."""

    code = "rooms"
    title = "户室"
    counted = "户"
    model = Room
    fields = (
        Field("place", "位置", read_only=True),
        Field("estate", "小区", most=60, aliases=("小区名称", "院落"), help="楼栋名在社区里不重复时可以不填。"),
        Field("building", "楼栋", required=True, most=80, aliases=("楼栋号", "楼号", "栋号"), help="如 3号楼。"),
        Field("unit", "单元", most=20, aliases=("单元号",), help="没有单元就留空。"),
        Field("number", "户室", required=True, most=20, aliases=("房号", "室号", "门牌号", "房间号"), help="如 302。"),
        Field("floor", "楼层", "integer", least=-9, most=MOST_FLOORS, help="留空则按门牌号推算。"),
        Field("position", "从左第几户", "integer", least=1, most=MOST_PER_FLOOR, help="画楼栋图用；留空则按门牌号排。"),
        Field("use", "用途", "choice", choices=USES, aliases=("房屋用途", "居住情况")),
        Field("area", "面积", "decimal", least=0, most=99_999, aliases=("建筑面积",), help="平方米。"),
        Field("note", "备注", most=200),
        Field("verified_on", "最近核实", read_only=True),
        Field("state", "状态", read_only=True),
    )
    columns = ("place", "use", "area", "verified_on", "note", "state")
    filters = (
        Filter("building", "楼栋", _buildings, _in_building),
        Filter("grid", "网格", _grids, _in_grid),
        Filter("use", "用途", _uses, _of_use),
        Filter("verified", "核实", _verifieds, _verified),
        Filter("state", "状态", _states, _in_state),
    )
    orders = (
        Order("place", "位置", ("building__code", "unit__position", "floor", "position", "pk")),
        Order("number", "户室", ("number", "pk")),
    )
    detail_template = "places/room.html"
    fixed = ("estate", "building")
    carried = ("estate", "building", "unit", "floor", "use")
    hanging = ("residents", "households", "residences", "organisations", "round_rooms", "confirmations")
    acts: ClassVar[Mapping[str, str]] = {
        "room.added": "新增",
        "room.changed": "修改",
        "room.retired": "停用",
        "room.brought_back": "恢复",
        "room.withdrawn": "撤回",
        "room.visited": "上门核实",
        "room.visit_taken_back": "撤销上门核实",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Room]:
        return self.here(viewer).select_related("building__estate", "building__grid", "unit", "community")

    def find(self, rows: QuerySet[Room], words: str, viewer: CommunityViewer) -> QuerySet[Room]:
        return rows.filter(
            Q(number__istartswith=words)
            | Q(building__name__icontains=words)
            | Q(building__estate__name__icontains=words)
            | Q(building__code__istartswith=words)
        )

    def read(self, row: Room, viewer: CommunityViewer) -> dict[str, str]:
        return self.told(
            row,
            place=str(row),
            estate=row.building.estate.name,
            building=row.building.name,
            unit=row.unit.name,
            verified_on=row.verified_on.isoformat() if row.verified_on else "从未",
            state=IN_USE if row.retired_on is None else f"{NO_MORE}（{row.retired_on}）",
        )

    def context(self, row: Room, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return told_room(row, viewer)

    def suggestions(self, viewer: CommunityViewer) -> Mapping[str, Sequence[str]]:
        rows = Building.objects.filter(community=viewer.community, retired_on=None).order_by("code")
        pairs = list(rows.values_list("estate__name", "name"))
        return {
            "estate": list(dict.fromkeys(estate for estate, _ in pairs)),
            "building": list(dict.fromkeys(name for _, name in pairs)),
        }

    def check(
        self, written: Sequence[Mapping[str, str]], viewer: CommunityViewer, known: Sequence[Room | None] | None = None
    ) -> list[Draft[Room]]:
        meant = known or [None] * len(written)
        book = _Book({}, {})
        for building in Building.objects.filter(community=viewer.community, retired_on=None).select_related("estate"):
            whole = name_key(building.estate.name) + building_key(building.name)
            for key in {building_key(building.name), whole, name_key(building.code)}:
                book.buildings.setdefault(key, []).append(building)
        named = [_building(raw, book) for raw in written]
        ids = {one.pk for one in named if isinstance(one, Building)}
        ids |= {row.building_id for row in meant if row is not None}
        for room in self.rows(viewer).filter(building__in=ids):
            book.rooms[room.building_id, unit_key(room.unit.name), room_key(room.number)] = room
        return [
            self._draft(raw, row, building, book, viewer)
            for raw, row, building in zip(written, meant, named, strict=True)
        ]

    def _draft(
        self,
        raw: Mapping[str, str],
        row: Room | None,
        building: Building | str,
        book: _Book,
        viewer: CommunityViewer,
    ) -> Draft[Room]:
        if row is None and isinstance(building, Building):
            key = (building.pk, unit_key(raw.get("unit", "").strip()), room_key(raw.get("number", "").strip()))
            row = book.rooms.get(key)
        house = row.building if row is not None else building
        checked = self.first_look(raw if row is None else _same_house(raw, row), row, viewer)
        if not isinstance(house, Building):
            checked.errors.setdefault("building", house)
            return Draft(checked, row)
        checked.values.pop("estate", None)
        checked.values["building"] = house
        if row is None or {"unit", "number"} & checked.values.keys():
            self._place(checked, row, house, book)
        return Draft(checked, row)

    def _place(self, checked: Checked, row: Room | None, house: Building, book: _Book) -> None:
        """Which unit and number, that no other room has, and where that is on the building's front."""
        unit = checked.values.get("unit", row.unit.name if row else None) or ""
        number = str(checked.values.get("number") or (row.number if row else ""))
        checked.values["unit"] = unit
        key = (house.pk, unit_key(str(unit)), room_key(number))
        other = book.rooms.get(key)
        if other is not None and (row is None or other.pk != row.pk):
            checked.errors.setdefault("number", f"已有{other}，请核对。")
        if row is None:
            if key in book.seen:
                checked.errors.setdefault("number", f"{house}{unit}{number}前面已经写过一次。")
            book.seen.add(key)
        if checked.values.get("floor") is None and (row is None or "floor" in checked.values):
            checked.values["floor"] = floor_of(number) or 1
        if checked.values.get("position") is None and (row is None or "position" in checked.values):
            checked.values["position"] = _door_of(number)

    def save(self, drafts: Sequence[Draft[Room]], viewer: CommunityViewer, *, source: str) -> list[Room]:
        units: list[tuple[Building, str]] = []
        for draft in drafts:
            values = draft.checked.values
            house = draft.known.building if draft.known else cast(Building, values["building"])
            unit = values.get("unit", draft.known.unit.name if draft.known else "")
            units.append((house, str(unit or "")))
        return save_rooms(self.writes(drafts), act=self.act(viewer, source), fields=self.fields, units=units)


def _building(raw: Mapping[str, str], book: _Book) -> Building | str:
    """The building that is meant, or what to say where none is."""
    said, estate = raw.get("building", "").strip(), raw.get("estate", "").strip()
    if not said:
        return "请填写楼栋。"
    found = book.buildings.get(building_key(said)) or book.buildings.get(name_key(said)) or []
    if not found and estate and said.startswith(estate):
        found = book.buildings.get(building_key(said.removeprefix(estate)), [])
    if not found:
        found = _whole(said, book)
    if estate:
        found = [one for one in found if name_key(one.estate.name) == name_key(estate)]
    if len(found) == 1:
        return found[0]
    if found:
        return f"几个小区都有“{said}”，请填小区：{'、'.join(sorted({one.estate.name for one in found}))}。"
    return f"没有楼栋“{estate}{said}”，请先登记楼栋，或核对写法。"


def _whole(said: str, book: _Book) -> list[Building]:
    """A building written together with its estate: 清风苑3号楼."""
    for group in book.buildings.values():
        for one in group:
            if name_key(said).startswith(name_key(one.estate.name)):
                rest = said.strip()[len(one.estate.name) :]
                if rest and building_key(rest) == building_key(one.name):
                    return [one]
    return []


def _same_house(raw: Mapping[str, str], row: Room) -> dict[str, str]:
    """As written, without a house that is the room's own in another spelling."""
    left = dict(raw)
    if building_key(left.get("building", "").strip()) in {
        building_key(row.building.name),
        building_key(f"{row.building.estate.name}{row.building.name}"),
        name_key(row.building.code),
    }:
        left.pop("building", None)
    return left


def _door_of(number: str) -> int:
    """The last figures of a door's number: 2 of 302, 0302 and 3-2."""
    digits = number.rpartition("-")[2] if "-" in number else number[-2:]
    return min(int(digits), MOST_PER_FLOOR) or 1 if digits.isdigit() else 1
