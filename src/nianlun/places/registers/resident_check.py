"""The one validator of residents: a batch as it was written, checked against itself and against the register."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from nianlun.kernel.clock import today
from nianlun.kernel.fields import check as check_fields
from nianlun.kernel.fields.secrets import SEPARATORS, born, is_male
from nianlun.kernel.fields.text import tidy
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import masked
from nianlun.places.models import IdKind, Registered, Resident, ResidentState, Sex
from nianlun.places.policy import May
from nianlun.places.registers import alike
from nianlun.places.registers.doors import Door, Doors, NoDoor, Written
from nianlun.places.registers.homes import Home, Homes, NoHome
from nianlun.places.registers.resident_fields import BY_CODE, FIELDS, PLACE, SECRET
from nianlun.places.rules.duplicates import Why, warning
from nianlun.places.rules.relations import HEAD, relation_of
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft

DOCUMENT = re.compile(r"[0-9A-Z]{5,20}")
ELSEWHERE = "此人登记在您不负责的网格，请联系社区修改。"
ID_KINDS = {**dict(IdKind.choices), **{title: code for code, title in IdKind.choices}}


@dataclass(slots=True)
class ResidentDraft(Draft[Resident]):
    """A draft with what the check found besides: digests of new secret values, the door, the household."""

    id_digest: bytes | None = None
    phone_digest: bytes | None = None
    door: Door | None = None  # where they are to live; None: where they do
    home: Home | None = None


def check(
    written: Sequence[Mapping[str, str]],
    viewer: CommunityViewer,
    known: Sequence[Resident | None] | None,
    rows: QuerySet[Resident],
) -> list[ResidentDraft]:
    """See Register.check; `rows` are the residents of the community with what `read` needs."""
    day = today()
    drafts = [_read(raw, row) for raw, row in zip(written, known or [None] * len(written), strict=True)]
    _find_known(drafts, viewer, rows)
    for draft in drafts:
        _agree(draft, day)
    _find_doors(written, drafts, viewer)
    _find_homes(drafts, viewer)
    _may(drafts, viewer)
    _warn(drafts, viewer)
    return drafts


def _read(raw: Mapping[str, str], row: Resident | None) -> ResidentDraft:
    """Each field by itself."""
    said = dict(raw)
    if relation := said.get("relation"):
        said["relation"] = relation_of(tidy(relation))
    masks = {}
    if row is not None:
        masks = {code: masked(code, getattr(row, f"{code}_sealed")) for code in SECRET if "*" in said.get(code, "")}
    kind = ID_KINDS.get(tidy(said.get("id_kind") or ""), row.id_kind if row else IdKind.RESIDENT.value)
    other = said.pop("id_number") if kind != IdKind.RESIDENT and "id_number" in said else None
    checked = check_fields(FIELDS, said, masks=masks, partial=row is not None)
    draft = ResidentDraft(checked, row)
    if other is not None and tidy(other) != masks.get("id_number"):
        number = tidy(other).translate(SEPARATORS).upper()
        if not number:
            checked.values["id_number"] = None
        elif DOCUMENT.fullmatch(number):
            checked.values["id_number"] = number
        else:
            checked.errors["id_number"] = "证件号码应为 5 到 20 位字母、数字，请核对。"
    if number_ := checked.values.get("id_number"):
        draft.id_digest = digest("id_number", str(number_))
    if phone := checked.values.get("phone"):
        draft.phone_digest = digest("phone", str(phone))
    return draft


def _find_known(drafts: Sequence[ResidentDraft], viewer: CommunityViewer, rows: QuerySet[Resident]) -> None:
    """Whom each draft means, by the ID number where the way in did not say."""
    sought = {draft.id_digest for draft in drafts if draft.id_digest}
    if not sought:
        return
    same = Resident.objects.filter(subdistrict=viewer.community.subdistrict_id, id_number_digest__in=sought).exclude(
        state=ResidentState.MERGED
    )
    holders = {
        bytes(found): (pk, of) for pk, of, found in same.values_list("pk", "community_id", "id_number_digest") if found
    }
    unnamed = {
        holders[draft.id_digest][0]
        for draft in drafts
        if draft.known is None and draft.id_digest in holders and holders[draft.id_digest][1] == viewer.community.pk
    }
    here = rows.in_bulk(unnamed) if unnamed else {}
    seen: set[bytes] = set()
    for draft in drafts:
        if draft.id_digest is None:
            continue
        if draft.id_digest in seen:
            draft.checked.errors["id_number"] = "前面已有一行是同一个证件号码，请删去重复的一行。"
            continue
        seen.add(draft.id_digest)
        holder, of = holders.get(draft.id_digest, (None, None))
        if holder is None or (draft.known and draft.known.pk == holder):
            continue
        if of != viewer.community.pk:
            draft.checked.errors["id_number"] = (
                "此人登记在本街道的另一个社区。请在居民列表点“从其他社区转入”，凭姓名和证件号码转过来。"
            )
        elif draft.known:
            draft.checked.errors["id_number"] = (
                "这个证件号码已登记在另一位居民名下，请核对；是同一人就到“重复居民”里合并。"
            )
        elif holder not in here:
            draft.checked.errors["id_number"] = ELSEWHERE
        else:
            draft.known = here[holder]
            _same_person(draft, here[holder])


def _same_person(draft: ResidentDraft, known: Resident) -> None:
    name = draft.checked.values.get("name")
    if name and name != known.name:
        draft.warnings.append(
            f"这个证件号码已登记为“{known.name}”，与填的姓名“{name}”不同。确认是改名再保存，否则请核对号码。"
        )


def _agree(draft: ResidentDraft, day: date) -> None:
    """Sex and day of birth follow from an ID number; what contradicts it is an error."""
    values, errors, known = draft.checked.values, draft.checked.errors, draft.known
    kind = values.get("id_kind") or (known.id_kind if known else IdKind.RESIDENT.value)
    number = cast("str | None", values.get("id_number"))
    if number and kind == IdKind.RESIDENT:
        told: dict[str, object] = {
            "born_on": born(number),
            "sex": Sex.MALE.value if is_male(number) else Sex.FEMALE.value,
        }
    elif known and known.id_number_digest and kind == IdKind.RESIDENT and "id_number" not in values:
        told = {"born_on": known.born_on, "sex": known.sex}
    else:
        told = {}
    for code, right in told.items():
        said = values.get(code)
        if said is not None and said != right and not (code == "sex" and said == Sex.UNKNOWN):
            errors[code] = f"{BY_CODE[code].title}与证件号码不一致，请核对其中一项。"
        values[code] = right
    born_on = cast("date | None", values.get("born_on"))
    if born_on and born_on > day:
        errors["id_number" if number else "born_on"] = "出生日期还没到，请核对。"
    since = cast("date | None", values.get("since"))
    if since and since > day:
        errors["since"] = "入住日期不能晚于今天，请核对。"
    elif since and born_on and since < born_on:
        errors["since"] = "入住日期早于出生日期，请核对。"


def _find_doors(written: Sequence[Mapping[str, str]], drafts: Sequence[ResidentDraft], viewer: CommunityViewer) -> None:
    """Where each is to live; somebody known who stays where they are is not looked up."""
    sought: dict[int, Written] = {}
    for place, draft in enumerate(drafts):
        values = draft.checked.values
        said = [str(values.get(code) or "") for code in PLACE]
        if draft.known is not None:
            there = place_of(draft.known)
            said = [str(values[code] or "") if code in values else there[code] for code in PLACE]
            if said == list(there.values()):
                continue
        if any(said):
            sought[place] = Written(*said)
        elif draft.known is not None:
            draft.checked.errors["room"] = "住址不能清空。迁出请在居民页面点“迁出”。"
        elif values.get("registered") != Registered.AWAY:
            draft.checked.errors["room"] = "请填楼栋和户室。户口在这里、人不在这里住的，户籍状态填“户在人不在”。"
    if not sought:
        return
    found = Doors(viewer.community).find(sought.values())
    for place, said_ in sought.items():
        draft, door = drafts[place], found[said_]
        if isinstance(door, NoDoor):
            draft.checked.errors[door.field] = door.message
        elif draft.known is None or draft.known.room_id != door.room:
            draft.door = door


def place_of(row: Resident) -> dict[str, str]:
    """The place of a resident in words, in the order of PLACE."""
    room, building = row.room, row.building
    return {
        "estate": building.estate.name if building else "",
        "building": building.name if building else "",
        "unit": room.unit.name if room else "",
        "room": room.number if room else "",
    }


def _find_homes(drafts: Sequence[ResidentDraft], viewer: CommunityViewer) -> None:
    """The household of each who moves in, and that it has one head at most."""
    moving = [draft for draft in drafts if draft.door]
    codes = [str(draft.checked.values.get("household") or "") for draft in moving]
    homes = Homes(viewer.community, [draft.door for draft in moving if draft.door], codes)
    for draft, code in zip(moving, codes, strict=True):
        assert draft.door is not None
        home = homes.find(draft.door, code)
        if isinstance(home, NoHome):
            draft.checked.errors["household"] = home.message
            continue
        draft.home = home
        if draft.checked.values.get("relation") == HEAD:
            if home.head:
                draft.checked.errors["relation"] = "这一户已有户主。要换户主，请到户的页面点“变更户主”。"
            home.head = True
    for draft in drafts:
        if draft.known is not None and draft.door is None:
            _stays(draft, draft.known)


def _stays(draft: ResidentDraft, known: Resident) -> None:
    """Who stays where they are changes household and head on the household's page, where everybody is seen."""
    values, errors = draft.checked.values, draft.checked.errors
    code = values.get("household")
    if code and code != (known.household.code if known.household else ""):
        errors["household"] = "换户请到户的页面办理“并户”或“分户”。"
    relation = values.get("relation")
    if "relation" in values and (relation == HEAD) != (known.relation == HEAD):
        errors["relation"] = "换户主请到户的页面点“变更户主”。"


def _may(drafts: Sequence[ResidentDraft], viewer: CommunityViewer) -> None:
    """Whoever walks some grids only writes there only."""
    answers: dict[UUID | None, bool] = {}

    def in_reach(grid: UUID | None) -> bool:
        if grid not in answers:
            one = Resident(community=viewer.community, subdistrict_id=viewer.community.subdistrict_id, grid_id=grid)
            answers[grid] = viewer.policy.allows_record(May.PEOPLE_EDIT, one)
        return answers[grid]

    for draft in drafts:
        if draft.known is not None and not in_reach(draft.known.grid_id):
            draft.checked.errors[""] = ELSEWHERE
        elif draft.door is not None and not in_reach(draft.door.building.grid_id):
            draft.checked.errors["building"] = "这栋楼不在您负责的网格，请联系社区登记。"
        elif draft.known is None and draft.door is None and draft.checked.good and not in_reach(None):
            draft.checked.errors["building"] = "请填您负责的网格里的楼栋和户室。"


def _warn(drafts: Sequence[ResidentDraft], viewer: CommunityViewer) -> None:
    """Of those who are new: who looks like somebody in the register, or like another of the batch."""
    new = [draft for draft in drafts if draft.known is None and draft.checked.good]
    people = [
        alike.Person(
            str(draft.checked.values["name"]),
            cast("date | None", draft.checked.values.get("born_on")),
            draft.door.building.pk if draft.door else None,
            draft.phone_digest,
        )
        for draft in new
    ]
    seen: set[tuple[Why, tuple[object, ...]]] = set()
    for draft, person, found in zip(new, people, alike.find(people, viewer.community), strict=True):
        draft.warnings += [warning(one.name, one.why) for one in found]
        keys: list[tuple[Why, tuple[object, ...]]] = [
            (Why.BORN_HERE, (person.name, person.born_on, person.building)),
            (Why.PHONE, (person.name, person.phone)),
        ]
        for why, key in keys:
            if all(key) and (why, key) in seen:
                draft.warnings.append(f"前面已有一行“{person.name}”（{why.said}）。确实是另一个人再保存。")
            seen.add((why, key))
