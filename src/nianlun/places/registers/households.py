"""The register of households: who lives together behind one door. They come to be when residents are registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from nianlun.kernel.fields import Field, check, show
from nianlun.places.actions.people_notes import save_households
from nianlun.places.models import Household, HouseholdKind, Resident, ResidentState
from nianlun.places.policy import May
from nianlun.places.registers.people_pages import household_page
from nianlun.places.registers.resident_filters import buildings_offered, grids_offered
from nianlun.places.registers.residents import RIGHTS
from nianlun.places.search.described import address_of
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Need, Order, Register

FIELDS: tuple[Field, ...] = (
    Field("code", "户编号", most=40, read_only=True),
    Field("estate", "小区", read_only=True),
    Field("building", "楼栋", read_only=True),
    Field("unit", "单元", read_only=True),
    Field("room", "户室", read_only=True),
    Field("head", "户主", read_only=True),
    Field("members", "现住人数", "integer", read_only=True),
    Field("kind", "户别", "choice", choices=dict(HouseholdKind.choices)),
    Field("note", "备注", most=200),
    Field("started_on", "立户日期", "date", read_only=True),
    Field("ended_on", "注销日期", "date", read_only=True),
)
OPEN = (("open", "现有"), ("ended", "已注销"))


class HouseholdRegister(Register[Household, CommunityViewer]):
    """Households, those that ended too."""

    code: ClassVar[str] = "households"
    title: ClassVar[str] = "家庭户"
    counted: ClassVar[str] = "户"
    model = Household
    fields: ClassVar[tuple[Field, ...]] = FIELDS
    columns: ClassVar[tuple[str, ...]] = ("code", "estate", "building", "unit", "room", "head", "members", "kind")
    filters: ClassVar[tuple[Filter, ...]] = (
        Filter(
            "open",
            "状态",
            lambda viewer: OPEN,
            lambda rows, value, viewer: rows.filter(ended_on__isnull=value == "open"),
        ),
        Filter("grid", "网格", grids_offered, lambda rows, value, viewer: rows.filter(grid_id=value)),
        Filter("building", "楼栋", buildings_offered, lambda rows, value, viewer: rows.filter(building_id=value)),
        Filter(
            "kind",
            "户别",
            lambda viewer: list(HouseholdKind.choices),
            lambda rows, value, viewer: rows.filter(kind=value),
        ),
    )
    orders: ClassVar[tuple[Order, ...]] = (
        Order("code", "户编号", ("code", "pk")),
        Order("head", "户主", ("head_name", "pk")),
    )
    detail_template: ClassVar[str] = "places/household.html"
    may_add: ClassVar[bool] = False
    identity: ClassVar[tuple[str, ...]] = ("code",)
    acts: ClassVar[Mapping[str, str]] = {
        "household.changed": "修改",
        "household.joined": "并入另一户",
        "household.joined_by": "另一户并入",
        "household.split": "分户",
        "household.split_off": "由分户建立",
        "household.head_changed": "变更户主",
        "household.left": "有人转到其他社区",
        "household.undone": "撤销上一步",
    }

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> CommunityViewer:
        viewer = CommunityViewer.of(request, place_code, RIGHTS[need])
        return viewer if need == Need.SEE else CommunityViewer.of(request, place_code, May.PEOPLE)

    def may(self, viewer: CommunityViewer, need: Need, row: Household | None = None) -> bool:
        if row is None:
            return viewer.policy.allows(RIGHTS[need], viewer.community)
        return viewer.policy.allows_record(RIGHTS[need], row)

    def rows(self, viewer: CommunityViewer) -> QuerySet[Household]:
        seen = viewer.policy.rows(Household.objects.filter(community=viewer.community), May.PEOPLE)
        living = Resident.objects.filter(household=OuterRef("pk"), state=ResidentState.LIVING).order_by()
        counted = living.values("household").annotate(number=Count("pk")).values("number")
        return seen.select_related("community", "building__estate", "room__unit", "head").annotate(
            member_count=Coalesce(Subquery(counted), 0),  # joined, it would count for the whole list
            head_name=Coalesce("head__name", Value(""), output_field=CharField()),
        )

    def find(self, rows: QuerySet[Household], words: str, viewer: CommunityViewer) -> QuerySet[Household]:
        """By a part of the code, or of the name of somebody who lives there."""
        return rows.filter(Q(code__icontains=words) | Q(pk__in=self._with(words, viewer)))

    def _with(self, name: str, viewer: CommunityViewer) -> QuerySet[Any]:
        return Household.objects.filter(
            community=viewer.community, residents__name__contains=name, residents__state=ResidentState.LIVING
        ).values("pk")

    def read(self, row: Household, viewer: CommunityViewer) -> dict[str, str]:
        room, building = row.room, row.building
        words = {
            "code": row.code,
            "estate": building.estate.name if building else "",
            "building": building.name if building else "",
            "unit": room.unit.name if room else "",
            "room": room.number if room else "",
            "head": row.head.name if row.head else "",
            "members": str(getattr(row, "member_count", "")),
        }
        written = {one.code: one for one in FIELDS if one.code not in words}
        return words | {code: show(getattr(row, code), one) for code, one in written.items()}

    def name(self, row: Household) -> str:
        where = address_of(row.building, row.room) or row.code
        return f"{row.head.name}户 {where}" if row.head else where

    def context(self, row: Household, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return household_page(row, viewer, {**self.acts})

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Household | None] | None = None,
    ) -> list[Draft[Household]]:
        """Only what stands is changed; a row that says no id is found by its code."""
        drafts = [
            Draft(check(FIELDS, raw, partial=True), row)
            for raw, row in zip(written, known or [None] * len(written), strict=True)
        ]
        codes = [raw.get("code", "").strip() for raw in written]
        unnamed = {code for code, draft in zip(codes, drafts, strict=True) if draft.known is None and code}
        by_code = {one.code: one for one in self.rows(viewer).filter(code__in=unnamed)} if unnamed else {}
        for code, draft in zip(codes, drafts, strict=True):
            draft.known = draft.known or by_code.get(code)
            if draft.known is None:
                draft.checked.errors["code"] = "没有这个户编号。户在登记居民时自动建立，请先登记居民。"
            elif not self.may(viewer, Need.EDIT, draft.known):
                draft.checked.errors[""] = "这一户不在您负责的网格，请联系社区修改。"
        return drafts

    def save(self, drafts: Sequence[Draft[Household]], viewer: CommunityViewer, *, source: str) -> list[Household]:
        return save_households(
            acting_user=viewer.user, community=viewer.community, drafts=drafts, fields=FIELDS, source=source
        )

    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Household]:
        """No sheet makes households of its own accord, so that none is taken back here."""
        return list(Household.objects.filter(community=viewer.community, pk__in=made))
