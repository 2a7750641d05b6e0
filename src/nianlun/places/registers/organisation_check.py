"""The one validator of organisations: a batch as it was written, checked against itself and against the register."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from nianlun.kernel.clock import today
from nianlun.kernel.fields import check as check_fields
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import masked
from nianlun.places.models import Building, Community, Estate, Grid, Organisation, OrganisationKind, Room
from nianlun.places.registers.doors import Doors, NoDoor, Written
from nianlun.places.registers.organisation_fields import FIELDS, PLACE, SECRET
from nianlun.places.rules.addresses import name_key
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft

BETWEEN = re.compile(r"[、,，;；/\s]+")
KEEPERS = (OrganisationKind.PROPERTY, OrganisationKind.OWNERS)  # of estates
Site = tuple[str, str | UUID | None]  # a name and an address, or else the door or house: what is one without a code


@dataclass(slots=True)
class OrganisationDraft(Draft[Organisation]):
    """A draft with what the check found besides: digests of new secret values, the place, the estates kept."""

    digests: dict[str, bytes | None] = field(default_factory=dict)  # of the secret fields that were written
    placed: bool = False  # whether a place was written; else it stays where it is
    building: Building | None = None
    room: Room | None = None
    grid: Grid | None = None  # that of the building, or as written for what lies in none
    estates: list[Estate] | None = None  # None: as they are


def check(
    written: Sequence[Mapping[str, str]],
    viewer: CommunityViewer,
    known: Sequence[Organisation | None] | None,
    rows: QuerySet[Organisation],
) -> list[OrganisationDraft]:
    """See Register.check; `rows` are the organisations of the community with what `read` needs."""
    drafts = [_read(raw, row) for raw, row in zip(written, known or [None] * len(written), strict=True)]
    named = [name for draft in drafts if (name := _name(draft))]
    codes = [code for draft in drafts if (code := draft.digests.get("credit_code"))]
    here = list(rows.filter(Q(credit_code_digest__in=codes) | Q(name__in=named))) if named or codes else []
    _same_code(drafts, {bytes(row.credit_code_digest): row for row in here if row.credit_code_digest})
    _place(drafts, viewer.community)
    _same_site(drafts, here)
    _keep(drafts, viewer.community)
    for draft in drafts:
        opened = draft.checked.values.get("opened_on")
        if isinstance(opened, date) and opened > today():
            draft.checked.errors["opened_on"] = "开办日期不能晚于今天，请核对。"
    return drafts


def _read(raw: Mapping[str, str], row: Organisation | None) -> OrganisationDraft:
    """Each field by itself."""
    masks = {}
    if row is not None:
        masks = {code: masked(code, getattr(row, f"{code}_sealed")) for code in SECRET if "*" in raw.get(code, "")}
    checked = check_fields(FIELDS, raw, masks=masks, partial=row is not None)
    draft = OrganisationDraft(checked, row)
    for code in SECRET:
        if code in checked.values:
            plain = checked.values[code]
            draft.digests[code] = digest(code, str(plain)) if plain else None
    return draft


def _same_code(drafts: Sequence[OrganisationDraft], holders: Mapping[bytes, Organisation]) -> None:
    """Whom each means by its credit code, which two never share."""
    seen: set[bytes] = set()
    for draft in drafts:
        code = draft.digests.get("credit_code")
        if not code:
            continue
        holder = holders.get(code)
        if code in seen:
            draft.checked.errors["credit_code"] = "前面已有一行是同一个统一社会信用代码，请删去重复的一行。"
        elif draft.known is None:
            draft.known = holder
        elif holder is not None and holder.pk != draft.known.pk:
            draft.checked.errors["credit_code"] = f"这个代码已登记为“{holder.name}”，请核对。"
        seen.add(code)


def _place(drafts: Sequence[OrganisationDraft], community: Community) -> None:
    """Building and room by their words; a grid of its own only for what lies in no building."""
    sought: dict[int, Written] = {}
    for number, draft in enumerate(drafts):
        values, stands = draft.checked.values, _words_of(draft.known)
        said = {code: str((values[code] or "") if code in values else stood) for code, stood in stands.items()}
        draft.placed = said != stands
        if draft.placed and any(said[code] for code in PLACE):
            sought[number] = Written(*(said[code] for code in PLACE))
    if not any(draft.placed for draft in drafts):
        return
    doors = Doors(community) if sought else None
    rooms = doors.find({said for said in sought.values() if said.room}) if doors else {}
    all_grids = {grid.pk: grid for grid in Grid.objects.filter(community=community)}
    grids = {name_key(grid.name): grid for grid in all_grids.values() if grid.closed_on is None}
    for number, draft in enumerate(drafts):
        if doors and (place := sought.get(number)):
            found = rooms[place] if place.room else doors.house(place)
            if isinstance(found, NoDoor):
                draft.checked.errors[found.field] = found.message
                continue
            draft.building, draft.room = (found, None) if isinstance(found, Building) else (found.building, found.at)
        if draft.placed:
            _grid(draft, grids)
        if draft.building is not None:
            draft.grid = all_grids[draft.building.grid_id] if draft.building.grid_id else None


def _grid(draft: OrganisationDraft, grids: Mapping[str, Grid]) -> None:
    """The grid as written, for what lies in no building; beside a building another grid than its own is refused."""
    stood = draft.known.grid if draft.known else None
    values = draft.checked.values
    said = str((values["grid"] or "") if "grid" in values else stood.name if stood else "")
    if not said or "grid" in draft.checked.errors:
        return
    if stood is not None and name_key(said) == name_key(stood.name):
        draft.grid = stood
        return
    draft.grid = grids.get(name_key(said))
    if draft.grid is None:
        there = "、".join(sorted(one.name for one in grids.values())[:6]) or "还没有网格"
        draft.checked.errors["grid"] = f"没有网格“{said}”。现有：{there}。"
    elif draft.building is not None and draft.building.grid_id != draft.grid.pk:
        draft.checked.errors["grid"] = f"{draft.building}不在{draft.grid.name}。填了楼栋就不用填网格，会跟着楼栋走。"


def _same_site(drafts: Sequence[OrganisationDraft], here: Sequence[Organisation]) -> None:
    """Whom those without a credit code mean, by name and address; two of one name have codes or addresses apart."""
    by_site: dict[Site, Organisation] = {}
    for row in here:
        by_site.setdefault((row.name, row.address or row.room_id or row.building_id), row)
    seen: set[Site] = set()
    for draft in drafts:
        site, code = _site(draft), _code(draft)
        there = by_site.get(site)
        if there is not None and not (code and there.credit_code_digest):
            if draft.known is None:
                draft.known = there
            elif there.pk != draft.known.pk:
                draft.checked.errors.setdefault("name", f"本社区在同一地址已有“{there.name}”，请核对。")
        if site[0] and site in seen and not code:
            draft.checked.errors.setdefault("name", "前面已有一行是同一地址的同一家单位，请删去重复的一行。")
        seen.add(site)


def _code(draft: OrganisationDraft) -> bytes | None:
    """The digest of the credit code that is to stand."""
    stood = draft.known.credit_code_digest if draft.known else None
    return draft.digests.get("credit_code", bytes(stood) if stood else None)


def _name(draft: OrganisationDraft) -> str:
    return str(draft.checked.values.get("name") or (draft.known.name if draft.known else ""))


def _site(draft: OrganisationDraft) -> Site:
    known = draft.known
    address = str(draft.checked.values.get("address", known.address if known else "") or "")
    if known is None or draft.placed:
        door = draft.room.pk if draft.room else draft.building.pk if draft.building else None
    else:
        door = known.room_id or known.building_id
    return _name(draft), address or door


def _keep(drafts: Sequence[OrganisationDraft], community: Community) -> None:
    """The estates that a property company keeps, by their names."""
    if not any("estates" in draft.checked.values for draft in drafts):
        return
    there = {name_key(one.name): one for one in Estate.objects.filter(community=community)}
    for draft in drafts:
        if "estates" not in draft.checked.values:
            continue
        said = [name for name in BETWEEN.split(str(draft.checked.values["estates"] or "")) if name]
        kind = draft.checked.values.get("kind") or (draft.known.kind if draft.known else OrganisationKind.OTHER)
        unknown = [name for name in said if name_key(name) not in there]
        if said and kind not in KEEPERS:
            draft.checked.errors["estates"] = "只有物业企业和业主委员会填服务小区，其他类型请留空。"
        elif unknown:
            known = "、".join(sorted(one.name for one in there.values())[:6]) or "还没有小区"
            draft.checked.errors["estates"] = f"没有小区“{'、'.join(unknown)}”。现有：{known}。"
        else:
            draft.estates = list({there[name_key(name)].pk: there[name_key(name)] for name in said}.values())


def _words_of(row: Organisation | None) -> dict[str, str]:
    """The place of an organisation in words, by field."""
    building, room, grid = (row.building, row.room, row.grid) if row else (None, None, None)
    return {
        "estate": building.estate.name if building else "",
        "building": building.name if building else "",
        "unit": room.unit.name if room else "",
        "room": room.number if room else "",
        "grid": grid.name if grid else "",
    }
