"""What is written of an organisation, and what sheets of others call it."""

from __future__ import annotations

from nianlun.kernel.fields import Field
from nianlun.places.models import OrganisationKind

KINDS = {kind.value: str(kind.label) for kind in OrganisationKind}
OPEN, CLOSED = "在营", "已关停"
WHERE, KEPT = "地点", "服务小区"

FIELDS: tuple[Field, ...] = (
    Field(
        "name", "名称", required=True, most=100,
        aliases=("单位名称", "企业名称", "商户名称", "店铺名称", "机构名称", "字号"),
    ),
    Field("kind", "类型", "choice", choices=KINDS, aliases=("单位类型", "单位性质", "类别"), help="不填就是“其他”。"),
    Field(
        "credit_code", "统一社会信用代码", "credit_code",
        aliases=("信用代码", "社会信用代码", "统一信用代码", "营业执照号", "注册号"), help="18 位；没有的不填。",
    ),
    Field("contact", "联系人", most=40, aliases=("法定代表人", "负责人", "法人", "法人代表", "经营者", "经营人")),
    Field("phone", "电话", "phone", aliases=("联系电话", "手机", "手机号", "联系方式", "固定电话")),
    Field("staff", "从业人数", "integer", least=0, most=100_000, aliases=("员工人数", "职工人数", "人数")),
    Field("opened_on", "开办日期", "date", aliases=("成立日期", "开业日期", "注册日期")),
    Field("address", "地址", most=120, aliases=("经营地址", "注册地址", "单位地址", "详细地址", "住所"), group=WHERE),
    Field("estate", "小区", most=60, aliases=("小区名称", "院落", "所在小区"), group=WHERE),
    Field("building", "楼栋", most=60, aliases=("楼号", "栋", "幢", "栋号", "幢号", "楼"), group=WHERE),
    Field("unit", "单元", most=20, aliases=("单元号",), group=WHERE),
    Field("room", "户室", most=20, aliases=("房号", "门牌号", "室", "室号", "商铺号"), group=WHERE),
    Field(
        "grid", "网格", most=60, aliases=("所属网格", "网格名称"), group=WHERE,
        help="填了楼栋就不用填，跟着楼栋走；沿街、独立院落的在这里填。",
    ),
    Field(
        "estates", "服务小区", most=400, aliases=("服务的小区", "管理小区", "管理项目"), group=KEPT,
        help="物业企业和业主委员会填，多个用顿号隔开。",
    ),
    Field("initials", "拼音首字母", most=60, help="留空则按名称生成，查找时用；读音不对可以改。"),
    Field("note", "备注", most=200, aliases=("说明",)),
    Field("state", "状态", read_only=True),
)  # fmt: skip

BY_CODE: dict[str, Field] = {one.code: one for one in FIELDS}
PLACE = ("estate", "building", "unit", "room")
SECRET = ("credit_code", "phone")
# Written into the column of the same name; None becomes "", or what the column has unasked.
PLAIN = ("name", "kind", "contact", "staff", "opened_on", "address", "initials", "note")
UNASKED: dict[str, str | None] = {"kind": OrganisationKind.OTHER.value, "staff": None, "opened_on": None}
