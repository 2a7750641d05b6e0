"""The register of residents: who they are, behind which door they live and to which household they belong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from nianlun.kernel.fields import Field, show
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import masked
from nianlun.places.actions import people_save
from nianlun.places.actions.people_withdraw import withdraw
from nianlun.places.models import Resident, ResidentState
from nianlun.places.policy import May
from nianlun.places.registers import resident_check, resident_filters
from nianlun.places.registers.people_pages import resident_page
from nianlun.places.registers.resident_check import ResidentDraft, place_of
from nianlun.places.registers.resident_fields import BY_CODE, EDUCATION, FIELDS, PLAIN, SECRET
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Need, Order, Register

RIGHTS = {
    Need.SEE: May.PEOPLE,
    Need.EDIT: May.PEOPLE_EDIT,
    Need.SHEETS_IN: May.SHEETS_IN,
    Need.SHEETS_OUT: May.SHEETS_OUT,
}
HIDDEN = ("education", "work_unit", "id_number", "phone", "nationality", "registered_address")
LATIN = re.compile(r"[a-z]+")
TAIL, PHONE, ID = 4, 11, 18  # figures of what is looked for


class ResidentRegister(Register[Resident, CommunityViewer]):
    """Merged entries are not in it; those who moved out or died are, under their state."""

    code: ClassVar[str] = "residents"
    title: ClassVar[str] = "居民"
    counted: ClassVar[str] = "人"
    model = Resident
    fields: ClassVar[tuple[Field, ...]] = FIELDS
    columns: ClassVar[tuple[str, ...]] = (
        "name", "sex", "born_on", "estate", "building", "unit", "room", "relation", "phone", "id_number", "state",
    )  # fmt: skip
    filters: ClassVar[tuple[Filter, ...]] = resident_filters.FILTERS
    orders: ClassVar[tuple[Order, ...]] = resident_filters.ORDERS
    detail_template: ClassVar[str] = "places/resident.html"
    fixed: ClassVar[tuple[str, ...]] = ("since",)
    carried: ClassVar[tuple[str, ...]] = ("estate", "building", "unit", "room", "household", "since")
    identity: ClassVar[tuple[str, ...]] = ("id_number",)
    acts: ClassVar[Mapping[str, str]] = {
        "resident.registered": "登记",
        "resident.changed": "修改",
        "resident.withdrawn": "撤回导入",
        "resident.moved_in": "迁入",
        "resident.moved": "搬家",
        "resident.moved_out": "迁出",
        "resident.died": "去世",
        "resident.taken_over": "从其他社区转入",
        "resident.given_up": "转到其他社区",
        "resident.joined": "并户",
        "resident.split": "分户",
        "resident.head_changed": "变更户主",
        "resident.undone": "撤销上一步",
        "resident.tagged": "加标签",
        "resident.tag_renewed": "标签续期",
        "resident.tag_ended": "取消标签",
        "resident.related": "登记关系",
        "resident.unrelated": "关系结束",
        "resident.merged": "合并重复登记",
        "resident.parted": "撤销合并",
        "resident.not_same": "判定不是同一人",
        "secret.revealed": "查看证件或电话",
    }

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> CommunityViewer:
        viewer = CommunityViewer.of(request, place_code, RIGHTS[need])
        return viewer if need == Need.SEE else CommunityViewer.of(request, place_code, May.PEOPLE)

    def may(self, viewer: CommunityViewer, need: Need, row: Resident | None = None) -> bool:
        if row is None:
            return viewer.policy.allows(RIGHTS[need], viewer.community)
        return viewer.policy.allows_record(RIGHTS[need], row)

    def rows(self, viewer: CommunityViewer) -> QuerySet[Resident]:
        seen = viewer.policy.rows(Resident.objects.filter(community=viewer.community), May.PEOPLE)
        joined = seen.exclude(state=ResidentState.MERGED).select_related(
            "community", "building__estate", "room__unit", "household"
        )
        return resident_filters.sorted_rows(joined)

    def find(self, rows: QuerySet[Resident], words: str, viewer: CommunityViewer) -> QuerySet[Resident]:
        """By a part of the name, the first letters of its pinyin, an ID number, a phone or its last four."""
        said = words.replace(" ", "")
        if LATIN.fullmatch(said.lower()):
            return rows.filter(initials__startswith=said.lower())
        if said[:1].isdigit():
            columns = {ID: "id_number", PHONE: "phone", TAIL: "phone_tail"}
            kind = columns.get(len(said))
            return rows.filter(**{f"{kind}_digest": digest(kind, said.upper())}) if kind else rows.none()
        return rows.filter(name__contains=said)

    def read(self, row: Resident, viewer: CommunityViewer) -> dict[str, str]:
        words = place_of(row)
        words |= {code: show(getattr(row, code), BY_CODE[code]) for code in PLAIN}
        words |= {code: masked(code, getattr(row, f"{code}_sealed")) for code in SECRET}
        words["household"] = row.household.code if row.household else ""
        words["relation"] = row.relation
        words["state"] = row.get_state_display()
        for code in HIDDEN:
            if viewer.policy.hides(f"resident.{code}", row):
                del words[code]
        return {one.code: words[one.code] for one in FIELDS if one.code in words}

    def instead_of(self, pk: UUID, viewer: CommunityViewer) -> Resident | None:
        """A merged entry's address leads to the one that was kept, through several merges if need be."""
        seen: set[UUID] = set()
        merged = Resident.objects.filter(pk=pk, community=viewer.community, state=ResidentState.MERGED).first()
        while merged is not None and merged.merged_into_id and merged.pk not in seen:
            seen.add(merged.pk)
            if kept := self.rows(viewer).filter(pk=merged.merged_into_id).first():
                return kept
            merged = Resident.objects.filter(pk=merged.merged_into_id).first()
        return None

    def suggestions(self, viewer: CommunityViewer) -> Mapping[str, Sequence[str]]:
        return {"education": EDUCATION, "nationality": ("汉族", "回族", "满族", "壮族", "苗族", "维吾尔族")}

    def context(self, row: Resident, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return resident_page(row, viewer, {**self.acts})

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Resident | None] | None = None,
    ) -> list[Draft[Resident]]:
        return list(resident_check.check(written, viewer, known, self.rows(viewer)))

    def save(self, drafts: Sequence[Draft[Resident]], viewer: CommunityViewer, *, source: str) -> list[Resident]:
        checked = [draft for draft in drafts if isinstance(draft, ResidentDraft)]
        return people_save.save(acting_user=viewer.user, community=viewer.community, drafts=checked, source=source)

    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Resident]:
        return withdraw(acting_user=viewer.user, community=viewer.community, made=made, source=source)
