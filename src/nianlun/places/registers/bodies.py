"""The register of bodies: branches, committees, teams and groups (组织和队伍), each with its roster on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from nianlun.kernel.clock import today
from nianlun.kernel.fields import Field, check, show
from nianlun.places.actions.bodies import BodyWrite, save_bodies, withdraw_bodies
from nianlun.places.actions.ground import Act
from nianlun.places.bodies_seen import bodies_of, sees_branches
from nianlun.places.models import Body, BodyKind
from nianlun.places.policy import May
from nianlun.places.registers.ground import INITIALS, CommunityRegister
from nianlun.places.roster import roster_of
from nianlun.places.rules.addresses import name_key
from nianlun.places.rules.terms import SOON
from nianlun.places.search.pinyin import settled
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft, Filter, Need, Order

KINDS = {kind.value: str(kind.label) for kind in BodyKind}
STANDING, GONE = "在册", "已撤销"
TERMS = (("soon", "60 天内届满"), ("ended", "已届满"), ("none", "没填届期"))
DEEPEST = 6  # bodies above one another


def _kinds(viewer: CommunityViewer) -> Sequence[tuple[str, str]]:
    seen = sees_branches(viewer.community, viewer.policy)
    return [(code, title) for code, title in KINDS.items() if seen or code != BodyKind.BRANCH]


def _of_kind(rows: QuerySet[Body], value: str, viewer: CommunityViewer) -> QuerySet[Body]:
    return rows.filter(kind=value)


def _by_term(rows: QuerySet[Body], value: str, viewer: CommunityViewer) -> QuerySet[Body]:
    day = today()
    if value == "none":
        return rows.filter(term_ends_on=None)
    if value == "ended":
        return rows.filter(term_ends_on__lt=day)
    return rows.filter(term_ends_on__gte=day, term_ends_on__lte=day + SOON)


def _in_state(rows: QuerySet[Body], value: str, viewer: CommunityViewer) -> QuerySet[Body]:
    return rows.filter(closed_on__isnull=value == "open")


class BodyRegister(CommunityRegister[Body]):
    """Branches are in it for those who see their rosters; for others they do not exist."""

    code = "bodies"
    title = "组织和队伍"
    counted = "个"
    model = Body
    fields = (
        Field(
            "name", "名称", required=True, most=60, aliases=("组织名称", "队伍名称", "机构名称"),
            help="如治安巡逻队、第一党支部。",
        ),
        Field("kind", "类型", "choice", choices=KINDS, aliases=("组织类型", "类别"), help="不填就是“队伍”。"),
        Field("parent", "上级", most=60, aliases=("上级组织", "所属组织"), help="填上级组织的名称，没有就留空。"),
        Field("founded_on", "成立日期", "date", aliases=("成立时间",)),
        Field("term_starts_on", "本届开始", "date", aliases=("届期开始", "换届日期"), group="届期"),
        Field("term_ends_on", "本届届满", "date", aliases=("届期结束", "届满日期"), group="届期"),
        INITIALS,
        Field("note", "备注", most=200, aliases=("说明",)),
        Field("members", "现有人数", read_only=True),
        Field("state", "状态", read_only=True),
    )  # fmt: skip
    columns = ("name", "kind", "parent", "members", "term_ends_on", "state")
    filters = (
        Filter("kind", "类型", _kinds, _of_kind),
        Filter("term", "届期", lambda viewer: TERMS, _by_term),
        Filter("state", "状态", lambda viewer: [("open", STANDING), ("closed", GONE)], _in_state),
    )
    orders = (Order("name", "名称", ("name", "pk")), Order("kind", "类型", ("kind", "name", "pk")))
    list_template = "places/body_list.html"
    detail_template = "places/body.html"
    carried = ("kind", "parent")
    identity = ("name",)
    acts: ClassVar[Mapping[str, str]] = {
        "body.added": "新增",
        "body.changed": "修改",
        "body.saved": "修改",
        "body.closed": "撤销",
        "body.reopened": "恢复",
        "body.withdrawn": "撤回",
        "body.member_added": "成员加入",
        "body.member_changed": "成员职务变动",
        "body.member_ended": "成员离任",
        "body.term_begun": "换届",
    }

    def rows(self, viewer: CommunityViewer) -> QuerySet[Body]:
        day = today()
        current = Q(members__starts_on=None) | Q(members__starts_on__lte=day)
        lasting = Q(members__ends_on=None) | Q(members__ends_on__gt=day)
        seen = bodies_of(viewer.community, viewer.policy).select_related("community", "parent")
        return seen.annotate(member_count=Count("members", filter=current & lasting))

    def may(self, viewer: CommunityViewer, need: Need, row: Body | None = None) -> bool:
        if not super().may(viewer, need, row):
            return False
        branch = row is not None and row.kind == BodyKind.BRANCH
        return not branch or sees_branches(viewer.community, viewer.policy, May.GROUND_EDIT)

    def find(self, rows: QuerySet[Body], words: str, viewer: CommunityViewer) -> QuerySet[Body]:
        return rows.filter(Q(name__icontains=words) | Q(initials__istartswith=words))

    def read(self, row: Body, viewer: CommunityViewer) -> dict[str, str]:
        words = {
            "parent": self._above(row, viewer),
            "members": str(getattr(row, "member_count", "")),
            "state": STANDING if row.closed_on is None else f"{GONE}（{row.closed_on}）",
        }
        return {one.code: words.get(one.code) or show(getattr(row, one.code, ""), one) for one in self.fields} | words

    def _above(self, row: Body, viewer: CommunityViewer) -> str:
        """The name of what is above it; a branch above is nobody's whom branches are kept from."""
        if row.parent is None:
            return ""
        hidden = row.parent.kind == BodyKind.BRANCH and not sees_branches(viewer.community, viewer.policy)
        return "" if hidden else row.parent.name

    def suggestions(self, viewer: CommunityViewer) -> Mapping[str, Sequence[str]]:
        standing = bodies_of(viewer.community, viewer.policy).filter(closed_on=None)
        return {"parent": list(standing.values_list("name", flat=True))}

    def context(self, row: Body, viewer: CommunityViewer, request: HttpRequest) -> dict[str, Any]:
        return roster_of(row, viewer)

    def check(
        self, written: Sequence[Mapping[str, str]], viewer: CommunityViewer, known: Sequence[Body | None] | None = None
    ) -> list[Draft[Body]]:
        seen = {name_key(one.name): one for one in self.rows(viewer)}
        everywhere = Body.objects.filter(community=viewer.community).values_list("pk", "name")
        taken = {name_key(name): pk for pk, name in everywhere}
        branches = sees_branches(viewer.community, viewer.policy, May.GROUND_EDIT)
        above = {one.pk: one.parent_id for one in seen.values()}
        written_names: set[str] = set()
        drafts: list[Draft[Body]] = []
        for raw, meant in zip(written, known or [None] * len(written), strict=True):
            row = meant or seen.get(name_key(raw.get("name", "").strip()))
            checked = check(self.fields, raw, partial=row is not None)
            values, errors = checked.values, checked.errors
            name = str(values.get("name") or (row.name if row else ""))
            holder = taken.get(name_key(name))
            if holder is not None and (row is None or holder != row.pk):
                errors.setdefault("name", f"已有名为“{name}”的组织或队伍，请换一个名称。")
            if name_key(name) in written_names:
                errors.setdefault("name", "前面已有一行是同一个名称，请删去重复的一行。")
            written_names.add(name_key(name))
            if values.get("kind") == BodyKind.BRANCH and not branches:
                errors["kind"] = "党组织由书记或负责党建条线的人员登记。"
            if "kind" in values and values["kind"] is None:
                values["kind"] = row.kind if row else BodyKind.TEAM.value
            _parent(values, errors, row, seen, above)
            _term(values, errors, row)
            said = values.get("initials")
            values["initials"] = settled(
                name, None if said is None else str(said), before=(row.name, row.initials) if row else ("", "")
            )
            drafts.append(Draft(checked, row))
        return drafts

    def save(self, drafts: Sequence[Draft[Body]], viewer: CommunityViewer, *, source: str) -> list[Body]:
        writes = [BodyWrite(_columns(draft), draft.known, draft.revision) for draft in drafts]
        return save_bodies(writes, act=Act(viewer.user, viewer.community, source), fields=self.fields)

    def withdraw(self, made: Mapping[UUID, int], viewer: CommunityViewer, *, source: str) -> list[Body]:
        return withdraw_bodies(made, act=Act(viewer.user, viewer.community, source))


def _columns(draft: Draft[Body]) -> dict[str, object]:
    """Empty words are "" in their columns; days and the parent are null."""
    words = ("name", "kind", "note", "initials")
    return {code: value or "" if code in words else value for code, value in draft.checked.values.items()}


def _parent(
    values: dict[str, object],
    errors: dict[str, str],
    row: Body | None,
    seen: Mapping[str, Body],
    above: Mapping[UUID, UUID | None],
) -> None:
    """What is above it, by its name; never itself or something below it."""
    if "parent" not in values:
        return
    said = values["parent"]
    if not said:
        hidden = row is not None and row.parent_id is not None and row.parent_id not in above
        values["parent"] = row.parent if hidden and row else None  # what one is not shown one does not take away
        return
    parent = seen.get(name_key(str(said)))
    if parent is None:
        errors["parent"] = f"没有“{said}”，请先登记上级，或核对名称。"
    elif parent.closed_on is not None and (row is None or row.parent_id != parent.pk):
        errors["parent"] = f"“{parent.name}”已撤销，请换一个上级。"
    else:
        line: list[UUID] = []
        step: UUID | None = parent.pk
        while step is not None and len(line) <= DEEPEST:
            line.append(step)
            step = above.get(step)
        if row is not None and row.pk in line:
            errors["parent"] = "上级不能是它自己或它的下级。"
        elif len(line) >= DEEPEST:
            errors["parent"] = f"上下级最多 {DEEPEST} 层，请换一个上级。"
    values["parent"] = parent


def _term(values: dict[str, object], errors: dict[str, str], row: Body | None) -> None:
    def stands(code: str) -> date | None:
        found = values.get(code, getattr(row, code) if row else None)
        return found if isinstance(found, date) else None

    founded, starts, ends = stands("founded_on"), stands("term_starts_on"), stands("term_ends_on")
    if founded and founded > today():
        errors["founded_on"] = "成立日期不能晚于今天，请核对。"
    if starts and ends and ends <= starts:
        errors["term_ends_on"] = "届满日期要晚于开始日期，请核对。"
    if founded and starts and starts < founded:
        errors["term_starts_on"] = "本届开始早于成立日期，请核对。"
