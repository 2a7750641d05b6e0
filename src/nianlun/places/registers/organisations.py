"""The register of organisations (单位): companies, shops, schools, property companies, owners' committees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.fields import Field, show
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import masked
from nianlun.places.actions import organisations as actions
from nianlun.places.models import Estate, Grid, Organisation
from nianlun.places.policy import May
from nianlun.places.registers import organisation_check
from nianlun.places.registers.ground import CommunityRegister
from nianlun.places.registers.organisation_check import OrganisationDraft
from nianlun.places.registers.organisation_fields import BY_CODE, CLOSED, FIELDS, KINDS, OPEN, PLAIN, SECRET
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Order

CREDIT_CODE, PHONE, TAIL = 18, 11, 4  # characters of what is looked for


def _kinds(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return list(KINDS.items())


def _grids(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    rows = Grid.objects.filter(community=viewer.community, closed_on=None).order_by("code")
    return [*((str(pk), name) for pk, name in rows.values_list("pk", "name")), ("none", "未划入网格")]


def _states(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    return [("open", OPEN), ("closed", CLOSED)]


def _of_kind(rows: QuerySet[Organisation], value: str, viewer: CommunityViewer) -> QuerySet[Organisation]:
    return rows.filter(kind=value)


def _in_grid(rows: QuerySet[Organisation], value: str, viewer: CommunityViewer) -> QuerySet[Organisation]:
    return rows.filter(grid=None) if value == "none" else rows.filter(grid_id=value)


def _in_state(rows: QuerySet[Organisation], value: str, viewer: CommunityViewer) -> QuerySet[Organisation]:
    return rows.filter(closed_on__isnull=value == "open")


class OrganisationRegister(CommunityRegister[Organisation]):
    """Those that closed stay in it, under their state."""

    code = "organisations"
    title = "单位"
    counted = "家"
    model = Organisation
    fields = FIELDS
    columns = ("name", "kind", "contact", "phone", "address", "building", "grid", "state")
    filters = (
        Filter("kind", "类型", _kinds, _of_kind),
        Filter("grid", "网格", _grids, _in_grid),
        Filter("state", "状态", _states, _in_state),
    )
    orders = (Order("name", "名称", ("name", "pk")), Order("kind", "类型", ("kind", "name", "pk")))
    detail_template = "places/organisation.html"
    carried = ("kind", "estate", "building", "grid")
    identity = ("credit_code",)
    acts: ClassVar[Mapping[str, str]] = {
        "organisation.added": "新增",
        "organisation.changed": "修改",
        "organisation.closed": "关停",
        "organisation.reopened": "恢复",
        "organisation.withdrawn": "撤回",
        "secret.revealed": "查看信用代码或电话",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Organisation]:
        rows = Organisation.objects.filter(community=viewer.community)
        joined = viewer.policy.rows(rows, May.GROUND).select_related(
            "community", "building__estate", "grid", "room__unit"
        )
        return joined.prefetch_related("estates")

    def find(self, rows: QuerySet[Organisation], words: str, viewer: CommunityViewer) -> QuerySet[Organisation]:
        """By a part of name, address or contact, initials, the whole credit code, a phone or its last four."""
        said = re.sub(r"[\s-]", "", words)
        if said.isdigit() and len(said) in (PHONE, TAIL):
            kind = "phone" if len(said) == PHONE else "phone_tail"
            return rows.filter(Q(**{f"{kind}_digest": digest(kind, said)}) | Q(name__contains=said))
        if len(said) == CREDIT_CODE and said.isascii():
            return rows.filter(credit_code_digest=digest("credit_code", said.upper()))
        found = Q(name__icontains=words) | Q(address__icontains=words) | Q(contact__contains=words)
        return rows.filter(found | Q(initials__istartswith=said) if said else found)

    def read(self, row: Organisation, viewer: CommunityViewer) -> dict[str, str]:
        words = {code: show(getattr(row, code), BY_CODE[code]) for code in PLAIN}
        words |= {code: masked(code, getattr(row, f"{code}_sealed")) for code in SECRET}
        words["estate"] = row.building.estate.name if row.building else ""
        words["building"] = row.building.name if row.building else ""
        words["unit"] = row.room.unit.name if row.room else ""
        words["room"] = row.room.number if row.room else ""
        words["grid"] = row.grid.name if row.grid else ""
        words["estates"] = "、".join(estate.name for estate in row.estates.all())
        words["state"] = OPEN if row.closed_on is None else f"{CLOSED}（{row.closed_on}）"
        for code in SECRET:
            if viewer.policy.hides(f"organisation.{code}", row, May.GROUND):
                del words[code]
        return {one.code: words[one.code] for one in FIELDS if one.code in words}

    def written_fields(self, viewer: CommunityViewer, row: Organisation | None) -> list[Field]:
        """Whoever is not shown a secret does not write one either."""
        blank = Organisation(community=viewer.community, subdistrict_id=viewer.tenant_id)
        kept = {code for code in SECRET if viewer.policy.hides(f"organisation.{code}", row or blank, May.GROUND)}
        return [one for one in super().written_fields(viewer, row) if one.code not in kept]

    def suggestions(self, viewer: CommunityViewer) -> Mapping[str, Sequence[str]]:
        names = Estate.objects.filter(community=viewer.community).order_by("code").values_list("name", flat=True)
        return {"estate": list(names), "grid": [name for value, name in _grids(viewer) if value != "none"]}

    def context(self, row: Organisation, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return {"community": viewer.community}

    def check(
        self,
        written: Sequence[Mapping[str, str]],
        viewer: CommunityViewer,
        known: Sequence[Organisation | None] | None = None,
    ) -> list[Draft[Organisation]]:
        return list(organisation_check.check(written, viewer, known, self.rows(viewer)))

    def save(
        self, drafts: Sequence[Draft[Organisation]], viewer: CommunityViewer, *, source: str
    ) -> list[Organisation]:
        checked = [draft for draft in drafts if isinstance(draft, OrganisationDraft)]
        return actions.save(acting_user=viewer.user, community=viewer.community, drafts=checked, source=source)

    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Organisation]:
        return actions.withdraw(acting_user=viewer.user, community=viewer.community, made=made, source=source)
