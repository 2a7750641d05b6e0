"""Plans for tests, put in and read as anybody's."""

from __future__ import annotations

from nianlun.places.models import Community, User
from nianlun.plans.actions import adopt, start_plan, start_version
from nianlun.plans.models import ItemText, Plan, PlanVersion
from nianlun.plans.store_reading import store_reading

TEXT = """松风里社区2027年工作计划

一、安全生产
1. 每季度对沿街商铺开展一次消防检查，整改率达到100%。
2. 安全生产月期间组织一次疏散演练，参加居民不少于120人。

二、为老服务
1. 网格员每周上门看望独居老人两次。
2. 重阳节举办一次敬老联欢会。
3. 6月底前建成助餐点1处。

三、环境卫生
1. 每月组织一次楼道清洁行动，由志愿服务队负责。
2. 植树节期间补种树苗80株。
"""
PROSE = "昨天傍晚下了一场雨，河水涨得很快。孩子们站在桥上看船，谁也没有说话。" * 20


def put_in(
    community: Community, user: User, text: str = TEXT, *, year: int = 2027, name: str = "plan.txt"
) -> PlanVersion:
    """A plan just uploaded, not read yet."""
    return start_plan(
        acting_user=user, community=community, year=year, title="", name=name, data=text.encode()
    )  # fmt: skip


def in_review(community: Community, user: User, text: str = TEXT, *, year: int = 2027) -> PlanVersion:
    return read(put_in(community, user, text, year=year))


def read(version: PlanVersion) -> PlanVersion:
    """What the job does."""
    store_reading(str(version.pk))
    return PlanVersion.objects.get(pk=version.pk)


def next_version(plan: Plan, user: User, text: str) -> PlanVersion:
    return read(start_version(acting_user=user, plan=plan, name="plan.txt", data=text.encode()))


def adopted(community: Community, user: User, text: str = TEXT, *, year: int = 2027) -> PlanVersion:
    version = in_review(community, user, text, year=year)
    return adopt(acting_user=user, version=version, edits=version.edits)


def row(version: PlanVersion, words: str) -> ItemText:
    """The item whose text holds these words."""
    return version.items.get(text__contains=words)
