"""Entries of every shipped ledger over three years, in every state, as the ledgers' own examples read."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from nianlun.kernel.bulk import Maker, copy_rows
from nianlun.kernel.clock import CHINA, today
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.declarations.model import SECRET, Ledger, Transition
from nianlun.ledgers.models import Entry, EntryDigest, EntryLink, EntryStep
from nianlun.ledgers.rules.stored import to_json
from nianlun.ledgers.rules.values import check_values
from nianlun.places.models import Findable, Post, PostKind, User
from nianlun.places.search.index import index
from support.loading import in_bulk
from support.town import Town

YEARS, BATCH, WORKERS = 3, 20_000, 8
# How many of a hundred entries or so each ledger has; those that are not named have one.
WEIGHTS = {
    "visit": 22, "inspection": 12, "request": 12, "hazard": 9, "service_order": 7, "care_call": 6, "shift": 5,
    "activity": 4, "meeting": 4, "paper": 4, "publicity": 3, "facility": 3, "expense": 3, "benefit": 3,
}  # fmt: skip
WHERE = (
    "东门", "西门", "南门", "北侧", "地下车库", "一单元", "二单元", "三单元", "四单元", "楼顶", "河边",
    "广场", "围墙", "菜场", "幼儿园旁", "配电房", "活动室", "花坛", "停车棚", "垃圾房", "泵房", "楼道",
    "电梯厅", "快递柜", "篮球场", "后巷",
)  # fmt: skip
WHAT = (
    "消防栓", "电动车", "飞线", "井盖", "路灯", "扶手", "积水", "杂物", "煤气罐", "广告牌", "树枝",
    "栏杆", "监控", "门禁", "雨棚", "空调", "阳台", "噪声", "油烟", "宠物", "车位", "水管",
    "电表", "屋面", "墙皮", "纱窗", "轮椅", "药箱", "书屋", "台阶", "坡道", "晾衣架", "信箱",
    "喇叭", "宣传栏", "健身器", "凉亭", "水池", "绿篱", "石凳",
)  # fmt: skip
STEP_COLUMNS = ("id", "entry_id", "step", "title", "source", "target", "note", "by_id", "at", "voided")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One ledger, as its entries are made: an example's values with a title, choices and a way through the flow."""

    ledger: Ledger
    version: UUID
    examples: list[dict[str, Any]]
    chosen: dict[str, list[str]]  # choices that lists are narrowed by
    ways: dict[str, list[Transition]]  # by state, the steps that lead there
    secret: list[tuple[str, str]]  # code and kind


@dataclass(slots=True)
class Rows:
    """What is written at once."""

    entries: list[Entry] = field(default_factory=list)
    steps: list[Sequence[Any]] = field(default_factory=list)
    links: list[Sequence[Any]] = field(default_factory=list)
    digests: list[Sequence[Any]] = field(default_factory=list)


@dataclass(slots=True)
class Yard:
    """A community as its entries are made: who files, whom and where they are about, the last inspection."""

    community: Any
    users: list[User]
    people: list[Any]
    buildings: list[Any]
    inspection: UUID | None = None


def fill_entries(town: Town, count: int, seed: int) -> None:
    """So many more entries of the last three years, in the order in which they were recorded."""
    chance = Random(seed)
    patterns = [_pattern(one.version_id, one.ledger) for one in ledgers_at(town.filled[0].ground.community).values()]
    weights = [WEIGHTS.get(one.ledger.ledger, 1) for one in patterns]
    yards = [_yard(town, number) for number in range(len(town.filled))]
    days = YEARS * 365
    maker = Maker(Entry)
    with in_bulk([Entry, EntryStep, EntryLink, EntryDigest, Findable]):
        rows = Rows()
        for number in range(count):
            day = today() - timedelta(days=days - 1 - number * days // count)
            pattern = chance.choices(patterns, weights)[0]
            _add(rows, maker, pattern, chance.choice(yards), day, number, chance)
            if len(rows.entries) == BATCH:
                _write(rows)
                rows = Rows()
        _write(rows)


def _pattern(version: UUID, ledger: Ledger) -> Pattern:
    secret = [(one.code, one.kind) for one in ledger.fields if one.kind in SECRET]
    hidden = {code for code, _ in secret}
    examples = []
    for one in ledger.examples:
        checked = check_values(ledger, one, today=today())
        examples.append(
            {code: to_json(value) for code, value in checked.values.items() if value is not None and code not in hidden}
        )
    narrowed = {*ledger.filters, *ledger.indexed}
    chosen = {one.code: list(one.choices) for one in ledger.fields if one.code in narrowed and one.kind == "choice"}
    return Pattern(ledger, version, examples, chosen, _ways(ledger), secret)


def _ways(ledger: Ledger) -> dict[str, list[Transition]]:
    found: dict[str, list[Transition]] = {ledger.flow.start: []}
    waiting = deque(found)
    while waiting:
        state = waiting.popleft()
        for step in ledger.flow.steps:
            if state in step.source and step.target not in found:
                found[step.target] = [*found[state], step]
                waiting.append(step.target)
    return found


def _yard(town: Town, number: int) -> Yard:
    filled = town.filled[number]
    community = filled.ground.community
    names = [f"filer{number}-{one}" for one in range(WORKERS)]
    there = {one.username: one for one in User.objects.filter(username__in=names)}
    for name in names:
        if name not in there:
            user = User.objects.create(username=name, name="社工", password="!", must_change_password=False)
            Post.objects.create(
                user=user, kind=PostKind.WORKER, subdistrict=town.subdistrict, community=community, lines=["safety"]
            )
            there[name] = user
    people = [one for one in filled.people.living if one.building_id]
    return Yard(community, list(there.values()), people, list(filled.ground.buildings))


def _add(rows: Rows, maker: Maker[Entry], one: Pattern, yard: Yard, day: date, number: int, chance: Random) -> None:
    ledger = one.ledger
    by = chance.choice(yard.users)
    at = datetime.combine(day, time(8 + number % 10, number % 60, number // 60 % 60), CHINA)
    finals = [code for code, state in ledger.flow.states.items() if state.final and code in one.ways]
    old = (today() - day).days > 45
    status = chance.choice(finals if old and chance.random() < 0.97 else list(one.ways))
    data = dict(chance.choice(one.examples))
    example = str(data.get(ledger.title_of, ledger.title))
    title = f"{chance.choice(WHERE)}{chance.choice(WHAT)}，{example}"[:60]
    data[ledger.title_of] = title
    data.update({code: chance.choice(choices) for code, choices in one.chosen.items()})
    sealed = {code: seal(_number(kind, chance)) for code, kind in one.secret if chance.random() < 0.3}
    person = chance.choice(yard.people) if "person" in ledger.about else None
    place = person or chance.choice(yard.buildings)
    pk = uuid7(at)
    rows.entries.append(maker.make({
        "id": pk, "subdistrict_id": yard.community.subdistrict_id, "community_id": yard.community.pk,
        "ledger": ledger.ledger, "ledger_version_id": one.version, "overlay_version_id": None,
        "grid_id": place.grid_id, "building_id": person.building_id if person else place.pk,
        "subject_kind": "person" if person else "", "subject_id": person.pk if person else None,
        "subject_name": person.name if person else "", "title": title, "status": status, "lines": list(ledger.lines),
        "occurred_on": day, "due_on": None if status in finals else day + timedelta(days=7),
        "closed_on": day + timedelta(days=3) if status in finals else None, "recorded_at": at, "changed_at": at,
        "recorded_by_id": by.pk, "data": data, "sealed": sealed, "doers": [by.pk], "revision": 1,
    }))  # fmt: skip
    for place_in_way, step in enumerate(one.ways[status]):
        source = step.source[0] if place_in_way == 0 else one.ways[status][place_in_way - 1].target
        rows.steps.append((uuid7(), pk, step.code, step.title, source, step.target, "", by.pk, at, False))
    for code, text in sealed.items():
        kind = dict(one.secret)[code]
        for digested in ("phone", "phone_tail") if kind == "phone" else (kind,):
            rows.digests.append((uuid7(), pk, code, digested, digest(digested, text[:11])))
    if ledger.ledger == "inspection":
        yard.inspection = pk
    elif ledger.ledger == "hazard" and yard.inspection and chance.random() < 0.4:
        rows.links.append((uuid7(), yard.inspection, pk, "登记隐患", str(number)))


def _number(kind: str, chance: Random) -> str:
    return f"13{chance.randrange(10**9):09}" if kind == "phone" else f"{chance.randrange(10**17):018}"


def _write(rows: Rows) -> None:
    fields = Entry._meta.local_concrete_fields
    copy_rows(Entry, [str(one.column) for one in fields], _values(rows.entries, [one.attname for one in fields]))
    copy_rows(EntryStep, STEP_COLUMNS, rows.steps)
    copy_rows(EntryLink, ("id", "source_id", "target_id", "follow_on", "part"), rows.links)
    copy_rows(EntryDigest, ("id", "entry_id", "field", "kind", "digest"), rows.digests)
    index(rows.entries, new=True)


def _values(entries: Sequence[Entry], names: Sequence[str]) -> Iterator[list[Any]]:
    for entry in entries:
        row = [getattr(entry, name) for name in names]
        yield [json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value for value in row]
