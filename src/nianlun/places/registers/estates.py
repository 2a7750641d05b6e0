"""The register of estates (小区)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.fields import Field
from nianlun.places.actions.ground_buildings import save_estates
from nianlun.places.models import Building, Estate, EstateKind, Household
from nianlun.places.registers.ground import CODE, INITIALS, GroundRegister, counted
from nianlun.places.rules.addresses import name_key
from nianlun.places.search.pinyin import initials, settled
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Order

KINDS = {kind.value: str(kind.label) for kind in EstateKind}


def _kinds(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return list(KINDS.items())


def _of_kind(rows: QuerySet[Estate], value: str, viewer: CommunityViewer) -> QuerySet[Estate]:
    return rows.filter(kind=value)


class EstateRegister(GroundRegister[Estate]):
    """Estates by name; a household's address begins with one."""

    code = "estates"
    title = "小区"
    counted = "个"
    model = Estate
    fields = (
        Field("name", "名称", required=True, most=60, aliases=("小区", "小区名称", "院落")),
        CODE,
        Field("kind", "类型", "choice", choices=KINDS, aliases=("小区类型",)),
        Field("address", "地址", most=120, aliases=("坐落", "详细地址")),
        INITIALS,
        Field("buildings", "楼栋", read_only=True),
        Field("households", "户数", read_only=True),
    )
    columns = ("name", "code", "kind", "address", "buildings", "households")
    filters = (Filter("kind", "类型", _kinds, _of_kind),)
    orders = (Order("code", "代码", ("code", "pk")), Order("name", "名称", ("name", "pk")))
    detail_template = "places/estate.html"
    fixed = ("code",)
    identity = ("code", "name")
    hanging = ("buildings", "kept_by")
    acts: ClassVar[Mapping[str, str]] = {
        "estate.added": "新增",
        "estate.changed": "修改",
        "estate.withdrawn": "撤回",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Estate]:
        return self.here(viewer).annotate(
            building_count=counted(Building.objects.filter(retired_on=None), "estate"),
            household_count=counted(Household.objects.filter(ended_on=None), "building__estate"),
        )

    def find(self, rows: QuerySet[Estate], words: str, viewer: CommunityViewer) -> QuerySet[Estate]:
        return rows.filter(
            Q(name__icontains=words)
            | Q(address__icontains=words)
            | Q(code__istartswith=words)
            | Q(initials__istartswith=words)
        )

    def read(self, row: Estate, viewer: CommunityViewer) -> dict[str, str]:
        return self.told(
            row,
            buildings=str(getattr(row, "building_count", "")),
            households=str(getattr(row, "household_count", "")),
        )

    def context(self, row: Estate, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return {"buildings": row.buildings.filter(retired_on=None).select_related("grid").order_by("code")}

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Estate | None] | None = None,
    ) -> list[Draft[Estate]]:
        here = list(self.here(viewer))
        by_code, by_name = {one.code.lower(): one for one in here}, {name_key(one.name): one for one in here}
        taken = self.taken(viewer)
        drafts: list[Draft[Estate]] = []
        for raw, meant in zip(written, known or [None] * len(written), strict=True):
            code, said = raw.get("code", "").strip().lower(), name_key(raw.get("name", "").strip())
            row = meant or by_code.get(code) or (by_name.get(said) if not code else None)
            checked = self.first_look(raw, row, viewer)
            name = str(checked.values.get("name") or (row.name if row else ""))
            other = by_name.get(name_key(name))
            if other is not None and (row is None or other.pk != row.pk):
                checked.errors.setdefault("name", f"本社区已有“{other.name}”，请换一个名称。")
            self.give_code(checked, row, initials(name), taken)
            written_initials = checked.values.get("initials")
            checked.values["initials"] = settled(
                name,
                None if written_initials is None else str(written_initials),
                before=(row.name, row.initials) if row else ("", ""),
            )
            drafts.append(Draft(checked, row))
        return drafts

    def save(self, drafts: Sequence[Draft[Estate]], viewer: CommunityViewer, *, source: str) -> list[Estate]:
        return save_estates(self.writes(drafts), act=self.act(viewer, source), fields=self.fields)
