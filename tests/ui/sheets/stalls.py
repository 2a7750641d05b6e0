"""A register for tests of sheets, over the table of estates: told by its code, with a telephone sealed in `address`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from nianlun.kernel import audit
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.errors import StaleRevision
from nianlun.kernel.fields import Field, check, show
from nianlun.kernel.sealing.seal import masked, seal, unseal
from nianlun.places.models import Estate
from nianlun.places.models.ground import EstateKind
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Need, Order, Register

NEEDS = {
    Need.SEE: May.GROUND,
    Need.EDIT: May.GROUND_EDIT,
    Need.SHEETS_IN: May.SHEETS_IN,
    Need.SHEETS_OUT: May.SHEETS_OUT,
}


class Stalls(Register[Estate, CommunityViewer]):
    """One called 钉子 stays when it is withdrawn, as others hang on it; one called 意外 cannot be saved."""

    code = "stalls"
    title = "摊位"
    counted = "个"
    model = Estate
    fields = (
        Field("code", "编号", required=True, most=20, aliases=("摊位编号",)),
        Field("name", "名称", required=True, most=20),
        Field("kind", "类别", "choice", choices=dict(EstateKind.choices)),
        Field("phone", "联系电话", "phone", aliases=("手机",)),
        Field("initials", "备注", most=20),
    )
    columns = ("name", "code", "kind", "phone")
    filters = (
        Filter("kind", "类别", lambda viewer: EstateKind.choices, lambda rows, value, viewer: rows.filter(kind=value)),
    )
    orders = (Order("code", "编号", ("code", "pk")),)
    identity = ("code",)

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> CommunityViewer:
        return CommunityViewer.of(request, place_code, NEEDS[need])

    def may(self, viewer: CommunityViewer, need: Need, row: Estate | None = None) -> bool:
        return viewer.policy.allows(NEEDS[need], viewer.community)

    def rows(self, viewer: CommunityViewer) -> QuerySet[Estate]:
        return viewer.policy.rows(Estate.objects.filter(community=viewer.community), May.GROUND)

    def find(self, rows: QuerySet[Estate], words: str, viewer: CommunityViewer) -> QuerySet[Estate]:
        return rows.filter(name__contains=words)

    def read(self, row: Estate, viewer: CommunityViewer) -> dict[str, str]:
        read = {one.code: show(getattr(row, one.code), one) for one in self.fields if one.code != "phone"}
        return {**read, "phone": masked("phone", row.address)}

    def open(self, row: Estate, viewer: CommunityViewer) -> dict[str, str]:
        return {**self.read(row, viewer), "phone": unseal(row.address)}

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Estate | None] | None = None,
    ) -> list[Draft[Estate]]:
        named = known or [None] * len(written)
        codes = [one.get("code", "").strip() for one in written]
        found = {row.code: row for row in self.rows(viewer).filter(code__in=codes)}
        drafts = []
        for raw, code, row in zip(written, codes, named, strict=True):
            known_row = row or found.get(code)
            masks = {"phone": masked("phone", known_row.address)} if known_row else {}
            draft = Draft(check(self.fields, raw, masks=masks, partial=known_row is not None), known_row)
            if "重名" in raw.get("name", ""):
                draft.warnings.append("名称与别的摊位很像，请核对。")
            drafts.append(draft)
        return drafts

    @transaction.atomic
    def save(self, drafts: Sequence[Draft[Estate]], viewer: CommunityViewer, *, source: str) -> list[Estate]:
        if any(draft.checked.values.get("name") == "意外" for draft in drafts):
            raise StaleRevision("这个摊位刚刚有别人改过。")
        saved = [self._filled(draft, viewer) for draft in drafts]
        copy_in([row for row, draft in zip(saved, drafts, strict=True) if draft.known is None])
        for row, draft in zip(saved, drafts, strict=True):
            if draft.known is not None:
                self._change(row, draft)
        counts = Counter("changed" if draft.known else "added" for draft in drafts)
        audit.record(
            "stalls.saved",
            actor_id=viewer.user_id,
            kind=self.kind,
            record_id=viewer.place_id,
            subdistrict_id=viewer.tenant_id,
            detail={"source": source, **counts},
        )
        return saved

    def _filled(self, draft: Draft[Estate], viewer: CommunityViewer) -> Estate:
        community = viewer.community
        row = draft.known or Estate(community=community, subdistrict_id=community.subdistrict_id)
        values: dict[str, Any] = draft.checked.values
        for code, value in values.items():
            if code == "phone":
                row.address = seal(value or "")
            elif value is not None or code == "initials":
                setattr(row, code, value or "")
        return row

    def _change(self, row: Estate, draft: Draft[Estate]) -> None:
        if draft.revision is not None:
            told = Estate.objects.filter(pk=row.pk, revision=draft.revision)
        else:
            told = Estate.objects.filter(pk=row.pk)
        values = {name: getattr(row, name) for name in ("code", "name", "kind", "initials", "address")}
        if not told.update(**values, revision=F("revision") + 1):
            raise StaleRevision("这个摊位刚刚有别人改过。")
        row.revision += 1

    @transaction.atomic
    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Estate]:
        stay: list[Estate] = []
        for row in self.rows(viewer).filter(pk__in=made):
            if row.revision != made[row.pk] or row.name == "钉子":
                stay.append(row)
            else:
                row.delete()
        return stay
