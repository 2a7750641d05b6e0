"""By what lists of residents are narrowed and sorted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Grid, Registered, Resident, ResidentState, ResidentTag
from nianlun.places.policy import GRANTS, May, Policy
from nianlun.places.rules.ages import BANDS, Band
from nianlun.places.rules.tags import Tag, shipped
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Filter, Order

Rows = QuerySet[Any]
FIRST_DAY = date(1, 1, 1)
YES_NO = (("yes", "有"), ("no", "没有"))
VERIFIED = (("quarter", "近三个月"), ("year", "近一年"), ("older", "一年以前"), ("never", "从未核实"))
QUARTER, YEAR = 91, 365  # days


def sorted_rows(rows: QuerySet[Resident]) -> QuerySet[Resident]:
    """With the columns of the orders, none of which is ever null."""
    door = Concat(
        F("building__code"), Value("/"), LPad(Cast("room__unit__position", CharField()), 3, Value("0")), Value("/"),
        LPad(Cast("room__floor", CharField()), 3, Value("0")), Value("/"), F("room__number"),
    )  # fmt: skip
    return rows.annotate(
        born_key=Coalesce("born_on", Value(FIRST_DAY)),
        door_key=Coalesce(door, Value(""), output_field=CharField()),
    )


ORDERS = (
    Order("name", "姓名", ("name", "pk")),
    Order("born", "出生日期", ("born_key", "pk")),
    Order("door", "住址", ("door_key", "pk")),
)


def for_line(policy: Policy, line: str) -> Policy:
    """The same user's policy with those posts only that see what is marked with a line of work."""
    narrowed = Policy(policy.user)
    narrowed.posts = [post for post in policy.posts if GRANTS[post.kind].every_line or line in post.lines]
    return narrowed


def seen_tags(viewer: CommunityViewer) -> list[Tag]:
    """The tags that the viewer may see of anybody in the community."""
    posts = [post for post in viewer.policy.posts if post.community_id in {None, viewer.community.pk}]
    if any(GRANTS[post.kind].every_line for post in posts):
        return list(shipped().values())
    lines = {line for post in posts for line in post.lines}
    return [tag for tag in shipped().values() if tag.line in lines]


def in_band(band: Band) -> Q:
    after, until = band.born(today())
    found = Q(born_on__isnull=False)
    if after is not None:
        found &= Q(born_on__gt=after)
    return found if until is None else found & Q(born_on__lte=until)


def tagged(tag: Tag) -> Q:
    """Whom a tag holds for today; one whose consent ran out holds for nobody."""
    if tag.band:
        return in_band(tag.band)
    day = today()
    holding = ResidentTag.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), code=tag.code, starts_on__lte=day)
    return Q(pk__in=holding.values("resident"))


def grids_offered(viewer: CommunityViewer) -> list[tuple[str, str]]:
    """The open grids whose people the viewer sees, to narrow a list by."""
    seen = viewer.policy.rows(Grid.objects.filter(community=viewer.community, closed_on=None), May.PEOPLE)
    return [(str(pk), name) for pk, name in seen.values_list("pk", "name")]


def buildings_offered(viewer: CommunityViewer) -> list[tuple[str, str]]:
    """The standing buildings whose people the viewer sees, to narrow a list by."""
    seen = viewer.policy.rows(Building.objects.filter(community=viewer.community, retired_on=None), May.PEOPLE)
    return [(str(pk), f"{estate}{name}") for pk, estate, name in seen.values_list("pk", "estate__name", "name")]


def _by_tag(rows: Rows, value: str, viewer: CommunityViewer) -> Rows:
    tag = shipped().get(value)
    if tag is None or tag not in seen_tags(viewer):
        return rows.none()
    return for_line(viewer.policy, tag.line).rows(rows.filter(tagged(tag)), May.PEOPLE)


def _by_verified(rows: Rows, value: str, viewer: CommunityViewer) -> Rows:
    day = today().toordinal()
    quarter, year = date.fromordinal(day - QUARTER), date.fromordinal(day - YEAR)
    return rows.filter({
        "quarter": Q(verified_on__gt=quarter),
        "year": Q(verified_on__gt=year, verified_on__lte=quarter),
        "older": Q(verified_on__lte=year),
    }.get(value, Q(verified_on=None)))  # fmt: skip


def _by_phone(rows: Rows, value: str, viewer: CommunityViewer) -> Rows:
    return rows.filter(phone_digest__isnull=value == "no")


def _by_column(column: str) -> Callable[[Rows, str, CommunityViewer], Rows]:
    return lambda rows, value, viewer: rows.filter(**{column: value})


def _by_age(rows: Rows, value: str, viewer: CommunityViewer) -> Rows:
    return rows.filter(in_band(BANDS[value][1]))


FILTERS = (
    Filter(
        "state", "状态", lambda viewer: [pair for pair in ResidentState.choices if pair[0] != ResidentState.MERGED],
        _by_column("state"),
    ),
    Filter("grid", "网格", grids_offered, _by_column("grid_id")),
    Filter("building", "楼栋", buildings_offered, _by_column("building_id")),
    Filter("age", "年龄", lambda viewer: [(code, title) for code, (title, _) in BANDS.items()], _by_age),
    Filter("registered", "户籍", lambda viewer: list(Registered.choices), _by_column("registered")),
    Filter("tag", "标签", lambda viewer: [(tag.code, tag.title) for tag in seen_tags(viewer)], _by_tag),
    Filter("verified", "核实", lambda viewer: VERIFIED, _by_verified),
    Filter("phone", "手机", lambda viewer: YES_NO, _by_phone),
)  # fmt: skip
