"""A small register over the table of estates, with a sealed telephone kept where the address stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.fields import Field, check, show
from nianlun.kernel.sealing.seal import masked, seal
from nianlun.places.models import Estate
from nianlun.places.models.ground import EstateKind
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.changes import changes
from nianlun.ui.registers.register import Draft, Filter, Need, Order, Register

NEEDS = {
    Need.SEE: May.GROUND,
    Need.EDIT: May.GROUND_EDIT,
    Need.SHEETS_IN: May.SHEETS_IN,
    Need.SHEETS_OUT: May.SHEETS_OUT,
}


class Plots(Register[Estate, CommunityViewer]):
    """Sees: who may see the ground. The telephone is shown to those alone who may edit."""

    code = "plots"
    title = "地块"
    counted = "块"
    model = Estate
    fields = (
        Field("name", "名称", required=True, most=20, group="基本信息", help="门牌上的叫法。"),
        Field("code", "代码", required=True, most=40, group="基本信息"),
        Field("kind", "类别", "choice", choices=dict(EstateKind.choices), group="基本信息"),
        Field("phone", "电话", "phone", group="联系"),
        Field("revised", "第几版", "integer", read_only=True),
    )
    columns = ("name", "code", "kind", "phone")
    filters = (
        Filter("kind", "类别", lambda viewer: EstateKind.choices, lambda rows, value, viewer: rows.filter(kind=value)),
    )
    orders = (
        Order("name", "名称", ("name", "pk")),
        Order("code", "代码", ("code", "pk")),
        Order("latest", "登记时间", ("created_at", "pk"), descending=True),
    )
    fixed = ("code",)
    carried = ("kind",)
    acts = {"plot.added": "登记"}

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> CommunityViewer:
        return CommunityViewer.of(request, place_code, NEEDS[need])

    def may(self, viewer: CommunityViewer, need: Need, row: Estate | None = None) -> bool:
        locked = row is not None and need is Need.EDIT and row.name == "锁定"
        return not locked and viewer.policy.allows(NEEDS[need], viewer.community)

    def rows(self, viewer: CommunityViewer) -> QuerySet[Estate]:
        return viewer.policy.rows(Estate.objects.filter(community=viewer.community), May.GROUND)

    def find(self, rows: QuerySet[Estate], words: str, viewer: CommunityViewer) -> QuerySet[Estate]:
        return rows.filter(name__contains=words)

    def read(self, row: Estate, viewer: CommunityViewer) -> dict[str, str]:
        read = {one.code: show(getattr(row, one.code), one) for one in self.fields[:3]}
        if self.may(viewer, Need.EDIT):
            read["phone"] = masked("phone", row.address)
        return {**read, "revised": str(row.revision)}

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Estate | None] | None = None,
    ) -> list[Draft[Estate]]:
        drafts = []
        for raw, row in zip(written, known or [None] * len(written), strict=True):
            masks = {"phone": masked("phone", row.address)} if row else {}
            draft = Draft(check(self.fields, raw, masks=masks, partial=row is not None), row)
            if "重名" in raw.get("name", ""):
                draft.warnings.append("已经有一块同名的地，确定不是同一块吗？")
            drafts.append(draft)
        return drafts

    @transaction.atomic
    def save(self, drafts: Sequence[Draft[Estate]], viewer: CommunityViewer, *, source: str) -> list[Estate]:
        return [self._save(draft, viewer, source) for draft in drafts]

    def _save(self, draft: Draft[Estate], viewer: CommunityViewer, source: str) -> Estate:
        row = draft.known or Estate(community=viewer.community, subdistrict=viewer.community.subdistrict)
        if draft.known:
            row = Estate.objects.select_for_update().get(pk=draft.known.pk)
            if draft.revision not in {None, row.revision}:
                raise StaleRevision("这块地刚刚有别人改过。")
        elif Estate.objects.filter(code=draft.checked.values["code"]).exists():
            raise UserError("这个代码已经用了，请换一个。")
        values: dict[str, Any] = dict(draft.checked.values)
        before = {"name": row.name, "kind": row.kind, "phone": row.address} if draft.known else {}
        after = {**values, **({"phone": seal(values["phone"] or "")} if "phone" in values else {})}
        for code, value in after.items():
            setattr(row, "address" if code == "phone" else code, value or "")
        if draft.known:
            row.revision = F("revision") + 1
        row.save()
        row.refresh_from_db()
        audit.record(
            "plot.changed" if draft.known else "plot.added",
            actor_id=viewer.user_id,
            kind=self.kind,
            record_id=row.pk,
            subdistrict_id=row.subdistrict_id,
            detail={"changes": changes(self.fields, before, after), "source": source},
        )
        return row

    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Estate]:
        raise NotImplementedError
