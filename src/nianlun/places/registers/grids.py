"""The register of grids: who walks each, and how many households it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.clock import today
from nianlun.kernel.fields import Field
from nianlun.places.actions.ground_grids import save_grids
from nianlun.places.models import Building, Grid, GridDuty, Household
from nianlun.places.registers.ground import CODE, INITIALS, GroundRegister, counted
from nianlun.places.rules.codes import numbered
from nianlun.places.search.pinyin import initials, settled
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Order

FEWEST, MOST = 300, 500  # households of a grid, as guidance has it
OPEN, CLOSED = "在用", "已关闭"


def _states(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return [("open", OPEN), ("closed", CLOSED)]


def _in_state(rows: QuerySet[Grid], value: str, viewer: CommunityViewer) -> QuerySet[Grid]:
    return rows.filter(closed_on__isnull=value == "open")


class GridRegister(GroundRegister[Grid]):
    """Grids with their workers, and how their size compares to what guidance asks."""

    code = "grids"
    title = "网格"
    counted = "个"
    model = Grid
    fields = (
        Field("name", "名称", required=True, most=60, aliases=("网格", "网格名称")),
        CODE,
        INITIALS,
        Field("opened_on", "启用日期", "date", help="从哪天起有这个网格；留空为今天。"),
        Field("workers", "网格员", read_only=True),
        Field("buildings", "楼栋", read_only=True),
        Field("households", "户数", read_only=True),
        Field("state", "状态", read_only=True),
    )
    columns = ("name", "code", "workers", "buildings", "households", "state")
    filters = (Filter("state", "状态", _states, _in_state),)
    orders = (Order("code", "代码", ("code", "pk")), Order("name", "名称", ("name", "pk")))
    detail_template = "places/grid.html"
    list_template = "places/grid_list.html"
    fixed = ("code",)
    identity = ("code", "name")
    hanging = ("buildings", "building_spells", "duties", "residents", "households", "organisations")
    acts: ClassVar[Mapping[str, str]] = {
        "grid.added": "新增",
        "grid.changed": "修改",
        "grid.closed": "关闭",
        "grid.reopened": "重新启用",
        "grid.bounds_set": "画范围",
        "grid.withdrawn": "撤回",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Grid]:
        day = today()
        walked = GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
        return (
            self.here(viewer)
            .select_related("community")
            .prefetch_related(Prefetch("duties", walked.select_related("post__user"), to_attr="walked"))
            .annotate(
                building_count=counted(Building.objects.filter(retired_on=None), "grid"),
                household_count=counted(Household.objects.filter(ended_on=None), "grid"),
            )
        )

    def find(self, rows: QuerySet[Grid], words: str, viewer: CommunityViewer) -> QuerySet[Grid]:
        return rows.filter(Q(name__icontains=words) | Q(code__istartswith=words) | Q(initials__istartswith=words))

    def read(self, row: Grid, viewer: CommunityViewer) -> dict[str, str]:
        return self.told(
            row,
            workers="、".join(sorted({duty.post.user.name for duty in getattr(row, "walked", ())})),
            buildings=str(getattr(row, "building_count", "")),
            households=said_size(getattr(row, "household_count", 0)),
            state=OPEN if row.closed_on is None else f"{CLOSED}（{row.closed_on}）",
        )

    def context(self, row: Grid, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        bounds = list(row.bounds.defer("shape"))
        return {"bounds": bounds, "buildings": row.buildings.filter(retired_on=None).select_related("estate")}

    def check(
        self, written: Sequence[Mapping[str, str]], viewer: CommunityViewer, known: Sequence[Grid | None] | None = None
    ) -> list[Draft[Grid]]:
        here = list(self.here(viewer))
        by_code, by_name = {grid.code.lower(): grid for grid in here}, {grid.name: grid for grid in here}
        taken = self.taken(viewer)
        drafts: list[Draft[Grid]] = []
        for raw, meant in zip(written, known or [None] * len(written), strict=True):
            code, name = raw.get("code", "").strip().lower(), raw.get("name", "").strip()
            row = meant or by_code.get(code) or (by_name.get(name) if not code else None)
            checked = self.first_look(raw, row, viewer)
            name = str(checked.values.get("name") or (row.name if row else ""))
            other = by_name.get(name)
            if other is not None and other is not row and (row is None or other.pk != row.pk):
                checked.errors.setdefault("name", f"本社区已有“{name}”，请换一个名称。")
            number = numbered(name)
            self.give_code(checked, row, f"{viewer.place_code}-{number}" if number else initials(name), taken)
            checked.values["initials"] = settled(
                name, _text(checked.values.get("initials")), before=(row.name, row.initials) if row else ("", "")
            )
            drafts.append(Draft(checked, row))
        return drafts

    def save(self, drafts: Sequence[Draft[Grid]], viewer: CommunityViewer, *, source: str) -> list[Grid]:
        return save_grids(self.writes(drafts), act=self.act(viewer, source), fields=self.fields)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def said_size(households: int) -> str:
    """How many households, and whether that is more or less than guidance has it."""
    if not households or FEWEST <= households <= MOST:
        return str(households)
    return f"{households}（{'少于' if households < FEWEST else '多于'}建议的 {FEWEST}–{MOST}）"
