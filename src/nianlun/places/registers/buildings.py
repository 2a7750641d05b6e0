"""The register of buildings: which estate and grid each belongs to, where it stands, how high it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.fields import Checked, Field
from nianlun.places.actions.ground_buildings import save_buildings
from nianlun.places.drawing import drawn_building
from nianlun.places.models import Building, Estate, Grid, Household, Room
from nianlun.places.registers.ground import CODE, IN_USE, INITIALS, NO_MORE, GroundRegister, by_words, counted
from nianlun.places.rules.addresses import building_key, name_key
from nianlun.places.rules.codes import numbered
from nianlun.places.rules.floors import MOST_FLOORS
from nianlun.places.search.pinyin import initials, settled
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Order


def _estates(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    rows = Estate.objects.filter(community=viewer.community).order_by("code")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _grids(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    rows = Grid.objects.filter(community=viewer.community, closed_on=None).order_by("code")
    return [*((str(pk), name) for pk, name in rows.values_list("pk", "name")), ("none", "未划入网格")]


def _states(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return [("open", IN_USE), ("retired", NO_MORE)]


def _of_estate(rows: QuerySet[Building], value: str, viewer: CommunityViewer) -> QuerySet[Building]:
    return rows.filter(estate_id=value)


def _in_grid(rows: QuerySet[Building], value: str, viewer: CommunityViewer) -> QuerySet[Building]:
    return rows.filter(grid=None) if value == "none" else rows.filter(grid_id=value)


def _in_state(rows: QuerySet[Building], value: str, viewer: CommunityViewer) -> QuerySet[Building]:
    return rows.filter(retired_on__isnull=value == "open")


@dataclass(slots=True)
class _Book:
    """What a batch is looked up in."""

    estates: dict[str, Estate]
    grids: dict[str, Grid]
    taken: set[str]
    by_code: dict[str, Building]
    by_name: dict[tuple[UUID, str], Building]
    seen: set[tuple[UUID, str]] = field(default_factory=set)  # of new ones in this batch


class BuildingRegister(GroundRegister[Building]):
    """Buildings; the page of one draws its rooms as people do."""

    code = "buildings"
    title = "楼栋"
    counted = "栋"
    model = Building
    fields = (
        Field("estate", "小区", required=True, most=60, aliases=("小区名称", "院落"), help="先在“小区”里登记。"),
        Field("name", "楼栋", required=True, most=60, aliases=("楼栋号", "楼号", "栋号", "幢号"), help="如 3号楼。"),
        CODE,
        Field("grid", "网格", most=60, aliases=("所属网格", "网格名称"), help="以后用“划到另一网格”调整。"),
        Field("grid_since", "划入日期", "date", help="从哪天起属于这个网格；留空则从网格启用起。"),
        Field("floors", "层数", "integer", least=1, most=MOST_FLOORS, aliases=("总层数", "楼层数")),
        Field("address", "地址", most=120, aliases=("门牌地址", "坐落")),
        INITIALS,
        Field("longitude", "经度", most=20, aliases=("X", "lng", "lon"), help="WGS84，如 120.153576。", group="位置"),
        Field("latitude", "纬度", most=20, aliases=("Y", "lat"), help="WGS84，如 30.287459。", group="位置"),
        Field("rooms", "户室", read_only=True),
        Field("households", "户数", read_only=True),
        Field("state", "状态", read_only=True),
    )
    columns = ("name", "estate", "grid", "floors", "rooms", "households", "code", "state")
    filters = (
        Filter("estate", "小区", _estates, _of_estate),
        Filter("grid", "网格", _grids, _in_grid),
        Filter("state", "状态", _states, _in_state),
    )
    orders = (Order("code", "代码", ("code", "pk")), Order("name", "楼栋", ("name", "pk")))
    detail_template = "places/building.html"
    list_template = "places/building_list.html"
    fixed = ("code", "grid", "grid_since")
    carried = ("estate", "grid", "floors")
    identity = ("code",)
    hanging = ("rooms", "residents", "households", "residences", "organisations")
    told_fixed = {"grid": "请在楼栋页用“划到另一网格”，写明从哪天起。"}
    acts: ClassVar[Mapping[str, str]] = {
        "building.added": "新增",
        "building.changed": "修改",
        "building.moved": "划到另一网格",
        "building.rooms_made": "生成户室",
        "building.unit_added": "添加单元",
        "building.unit_renamed": "单元改名",
        "building.retired": "停用",
        "building.brought_back": "恢复",
        "building.withdrawn": "撤回",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Building]:
        return (
            self.here(viewer)
            .select_related("estate", "grid", "community")
            .annotate(
                room_count=counted(Room.objects.filter(retired_on=None), "building"),
                household_count=counted(Household.objects.filter(ended_on=None), "building"),
            )
        )

    def find(self, rows: QuerySet[Building], words: str, viewer: CommunityViewer) -> QuerySet[Building]:
        found = Q(name__icontains=words) | Q(address__icontains=words) | Q(code__istartswith=words)
        return rows.filter(found | Q(estate__name__icontains=words) | Q(estate__initials__istartswith=words))

    def read(self, row: Building, viewer: CommunityViewer) -> dict[str, str]:
        told = self.told(
            row,
            grid_since="",
            grid=row.grid.name if row.grid else "",
            longitude=_degrees(row.longitude),
            latitude=_degrees(row.latitude),
            rooms=str(getattr(row, "room_count", "")),
            households=str(getattr(row, "household_count", "")),
            state=IN_USE if row.retired_on is None else f"{NO_MORE}（{row.retired_on}）",
        )
        del told["grid_since"]  # it begins the first spell, and the spells say since when it lies where
        return told

    def context(self, row: Building, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return drawn_building(row, viewer)

    def suggestions(self, viewer: CommunityViewer) -> Mapping[str, Sequence[str]]:
        return {
            "estate": [name for _, name in _estates(viewer)],
            "grid": [name for value, name in _grids(viewer) if value != "none"],
        }

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Building | None] | None = None,
    ) -> list[Draft[Building]]:
        here = list(self.here(viewer).select_related("estate", "grid"))
        book = _Book(
            by_words(Estate.objects.filter(community=viewer.community), name_key),
            by_words(Grid.objects.filter(community=viewer.community, closed_on=None), name_key),
            self.taken(viewer),
            {one.code.lower(): one for one in here},
            {(one.estate_id, building_key(one.name)): one for one in here},
        )
        meant = known or [None] * len(written)
        return [self._draft(raw, row, book, viewer) for raw, row in zip(written, meant, strict=True)]

    def _draft(
        self, raw: Mapping[str, str], row: Building | None, book: _Book, viewer: CommunityViewer
    ) -> Draft[Building]:
        estate = book.estates.get(name_key(raw.get("estate", "").strip()))
        if row is None:
            by_name = book.by_name.get((estate.pk, building_key(raw.get("name", "").strip()))) if estate else None
            code = raw.get("code", "").strip().lower()
            row = book.by_code.get(code) if code else by_name
        checked = self.first_look(raw, row, viewer)
        if checked.values.get("estate"):
            if estate is None:
                there = "、".join(sorted({one.name for one in book.estates.values()})[:6]) or "还没有小区"
                checked.errors["estate"] = f"没有小区“{raw['estate'].strip()}”。现有：{there}。请先登记小区。"
            checked.values["estate"] = estate
        estate = estate or (row.estate if row else None)
        name = str(checked.values.get("name") or (row.name if row else ""))
        if estate is not None and name:
            self._only_once(checked, row, estate, name, book)
        self._grid(checked, row, book)
        _point(checked, row)
        wanted = f"{estate.code}-{numbered(name) or initials(name)}" if estate else initials(name)
        self.give_code(checked, row, wanted, book.taken)
        said = checked.values.get("initials")
        checked.values["initials"] = settled(
            name, None if said is None else str(said), before=(row.name, row.initials) if row else ("", "")
        )
        return Draft(checked, row)

    def _only_once(self, checked: Checked, row: Building | None, estate: Estate, name: str, book: _Book) -> None:
        key = (estate.pk, building_key(name))
        other = book.by_name.get(key)
        if other is not None and (row is None or other.pk != row.pk):
            checked.errors.setdefault("name", f"{estate.name}已有“{other.name}”，请核对。")
        if row is None:
            if key in book.seen:
                checked.errors.setdefault("name", f"{estate.name}{name}前面已经写过一次。")
            book.seen.add(key)

    def _grid(self, checked: Checked, row: Building | None, book: _Book) -> None:
        if row is not None or not checked.values.get("grid"):
            checked.values.pop("grid", None)
            return
        said = str(checked.values["grid"])
        grid = book.grids.get(name_key(said))
        if grid is None:
            there = "、".join(sorted({one.name for one in book.grids.values()})[:6]) or "还没有网格"
            checked.errors["grid"] = f"没有网格“{said}”。现有：{there}。"
        checked.values["grid"] = grid

    def save(self, drafts: Sequence[Draft[Building]], viewer: CommunityViewer, *, source: str) -> list[Building]:
        since = [_day(draft.checked.values.get("grid_since")) for draft in drafts]
        return save_buildings(self.writes(drafts), act=self.act(viewer, source), fields=self.fields, grids_since=since)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _point(checked: Checked, row: Building | None) -> None:
    """Degrees of WGS84, both or none."""
    for code, furthest in (("longitude", 180), ("latitude", 90)):
        said = checked.values.get(code)
        if said is None:
            continue
        try:
            value = float(str(said))
        except ValueError:
            value = float("nan")
        if not -furthest <= value <= furthest:
            checked.errors[code] = f"应是 -{furthest} 到 {furthest} 之间的度数，如 30.287459。"
        checked.values[code] = round(value, 6) if code not in checked.errors else None
    both = [checked.values.get(code, getattr(row, code) if row else None) for code in ("longitude", "latitude")]
    if (both[0] is None) != (both[1] is None) and not {"longitude", "latitude"} & checked.errors.keys():
        checked.errors["longitude" if both[0] is None else "latitude"] = "经度和纬度要一起填。"
