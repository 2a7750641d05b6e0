"""What the demo's secretaries decided by hand about ledgers, beside what was bound when their plans were adopted."""

from __future__ import annotations

from collections.abc import Mapping

from nianlun.ledgers.actions.bind import add_ledger, remove_ledger
from nianlun.places.models import User
from nianlun.plans.models import ItemText, VersionStatus

# Words of a sentence, and the ledger that keeps its doing.
ADDED = {
    "wutong": {
        "向全体党员通报一次工作进展": "meeting", "至少4次走进楼栋": "visit", "议题在会前7天张榜": "publicity",
        "每个补助经费2000元": "expense", "老年书画、棋牌、合唱班每班每周一次": "activity",
        "流动人口信息每两周更新一次": "visit", "投票参与率不低于60%": "meeting",
    },
    "heying": {"坐到一起谈问题": "meeting", "妇女之家每月活动一次": "activity", "租户登记每月更新": "visit"},
}  # fmt: skip
TAKEN_AWAY = {"heying": {"物业企业每天巡楼一次": "inspection"}}  # the company keeps its own records


def load_bindings(users: Mapping[str, User], secretaries: Mapping[str, str]) -> None:
    """After the plans are adopted; a sentence that a plan of this year does not have is passed over."""
    for decided, act in ((ADDED, add_ledger), (TAKEN_AWAY, remove_ledger)):
        for code, by_words in decided.items():
            standing = ItemText.objects.filter(
                version__status=VersionStatus.ADOPTED, version__plan__community__code=code
            )
            for words, ledger in by_words.items():
                for text in standing.filter(text__contains=words).select_related("version__plan__community"):
                    plan = text.version.plan
                    act(acting_user=users[secretaries[code]], plan=plan, item_id=text.item_id, ledger=ledger)
