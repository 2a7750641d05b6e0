"""What is written of a resident, and what sheets of others call it."""

from __future__ import annotations

from nianlun.kernel.fields import Field
from nianlun.places.models import IdKind, Registered, ResidentState, Sex
from nianlun.places.rules.relations import RELATIONS

EDUCATION = ("未上学", "小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士")
WHERE, WHO, MORE = "住址", "本人", "其他"

FIELDS: tuple[Field, ...] = (
    Field("name", "姓名", required=True, most=60, aliases=("居民姓名", "名字", "成员姓名"), group=WHO),
    Field("sex", "性别", "choice", choices=dict(Sex.choices), help="有身份证号就不用填。", group=WHO),
    Field(
        "born_on", "出生日期", "date", aliases=("出生年月日", "生日", "出生年月"), group=WHO,
        help="有身份证号就不用填。",
    ),
    Field("id_kind", "证件类型", "choice", choices=dict(IdKind.choices), aliases=("证件种类", "证件名称"), group=WHO),
    Field(
        "id_number", "证件号码", "id_number", group=WHO,
        aliases=("身份证号", "身份证号码", "身份证", "公民身份号码", "居民身份证号码", "证件号"),
    ),
    Field("phone", "手机", "phone", aliases=("手机号", "手机号码", "电话", "联系电话", "联系方式"), group=WHO),
    Field("estate", "小区", most=60, aliases=("小区名称", "院落", "所属小区"), group=WHERE),
    Field("building", "楼栋", most=60, aliases=("楼号", "栋", "幢", "栋号", "幢号", "楼"), group=WHERE),
    Field("unit", "单元", most=20, aliases=("单元号",), group=WHERE),
    Field("room", "户室", most=20, aliases=("房号", "门牌号", "室", "房间号", "室号", "门牌"), group=WHERE),
    Field(
        "since", "入住日期", "date", aliases=("迁入日期", "入住时间", "迁入时间"), help="不填就是今天。", group=WHERE
    ),
    Field(
        "household", "户编号", most=40, aliases=("户号", "家庭编号"), group=WHERE,
        help="一间户室住一户时不用填；同住几户时用它区分。",
    ),
    Field(
        "relation", "与户主关系", "choice", choices={one: one for one in RELATIONS}, group=WHERE,
        aliases=("与户主的关系", "户主关系", "家庭关系", "关系"),
    ),
    Field(
        "registered", "户籍状态", "choice", choices=dict(Registered.choices), group=MORE,
        aliases=("人户状态", "人户情况", "户籍情况"),
    ),
    Field("registered_address", "户籍地址", most=120, aliases=("户口所在地", "户籍所在地", "户籍地"), group=MORE),
    Field("nationality", "民族", most=20, group=MORE),
    Field("education", "文化程度", most=20, aliases=("学历", "受教育程度"), group=MORE),
    Field("work_unit", "工作单位", most=80, aliases=("单位", "从业单位", "服务处所"), group=MORE),
    Field("initials", "姓名首字母", most=60, help="按拼音自动生成，读错了在这里改。", group=MORE),
    Field("note", "备注", most=200, aliases=("说明",), group=MORE),
    Field("state", "状态", "choice", choices=dict(ResidentState.choices), read_only=True, group=WHO),
)  # fmt: skip

BY_CODE: dict[str, Field] = {one.code: one for one in FIELDS}
PLACE = ("estate", "building", "unit", "room")
SECRET = ("id_number", "phone")
# Written into the column of the same name; None becomes "", or what the column has unasked.
PLAIN = (
    "name", "sex", "born_on", "id_kind", "registered", "registered_address", "nationality", "education", "work_unit",
    "initials", "note",
)  # fmt: skip
UNASKED: dict[str, str | None] = {
    "sex": Sex.UNKNOWN.value,
    "born_on": None,
    "id_kind": IdKind.RESIDENT.value,
    "registered": Registered.UNKNOWN.value,
}
