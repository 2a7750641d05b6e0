"""The demo's places and people; every name is invented."""

from __future__ import annotations

from dataclasses import dataclass

SUBDISTRICT = ("qinghe", "清禾街道")
COMMUNITIES: dict[str, str] = {"wutong": "梧桐苑社区", "heying": "荷映里社区", "shuiku": "水库路社区"}
PASSWORD = "nianlun-demo-2027"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    kind: str
    community: str | None = None
    title: str = ""
    lines: tuple[str, ...] = ()


PEOPLE = (
    Person("admin", "郑启明", "administrator"),
    Person("jiedao", "秦望舒", "subdistrict", None, "民政与综治办", ("welfare", "elderly", "security", "safety")),
    Person("dangjian", "陆景行", "subdistrict", None, "党建办", ("party", "volunteer")),
    Person("shenji", "温如玉", "auditor", None, "审计员"),
    Person("xitong", "余思齐", "system_admin"),
    Person("anquan", "卫子衿", "security_admin"),
    Person("rizhi", "穆清和", "audit_admin"),
    Person("shuji", "林晚晴", "secretary", "wutong", "社区书记", ("party", "workforce", "finance")),
    Person("minzheng", "周以宁", "worker", "wutong", "民政专干", ("welfare", "elderly", "women")),
    Person("zongzhi", "贺长风", "worker", "wutong", "综治专干", ("security", "law", "safety")),
    Person("weijian", "苏念慈", "worker", "wutong", "卫健专干", ("health", "environment")),
    Person("wenjiao", "程小满", "worker", "wutong", "文教专干", ("culture", "education", "volunteer")),
    Person("wangge1", "李春山", "worker", "wutong", "网格员", ("grid", "property")),
    Person("wangge2", "吴桂香", "worker", "wutong", "网格员", ("grid", "employment")),
    Person("wangge3", "顾小禾", "grid_worker", "wutong", "网格员", ("grid",)),
    Person("heying", "方知远", "secretary", "heying", "社区书记", ("party",)),
    Person("heying2", "高若兰", "worker", "heying", "民政专干", ("welfare", "elderly", "health")),
    Person("heying3", "罗一舟", "worker", "heying", "网格员", ("grid", "safety", "security")),
    Person("shuiku", "姚静澜", "secretary", "shuiku", "社区书记", ("party",)),
    Person("shuiku2", "段明川", "worker", "shuiku", "综合专干", ("welfare", "elderly", "culture", "environment")),
)
BODIES: dict[str, dict[str, tuple[str, ...]]] = {
    "wutong": {"治安巡逻队": ("zongzhi", "wangge1", "wangge2"), "志愿服务队": ("wenjiao", "minzheng")},
    "heying": {"志愿服务队": ("heying2", "heying3")},
}
# Whose sign-ins `make run` prints.
SHOWN: tuple[str, ...] = ("shuji", "minzheng", "wangge3", "jiedao", "shenji", "admin")
