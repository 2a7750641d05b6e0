"""What people are to the head of their household, and to one another."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "户主"
SPOUSE = "配偶"
OTHER = "其他"
# After GB/T 4761, as far as the field tells them apart.
RELATIONS = (
    HEAD, SPOUSE, "子", "女", "儿媳", "女婿", "孙子女", "外孙子女", "父母", "岳父母或公婆", "祖父母", "兄弟姐妹",
    "其他亲属", "保姆", "合租", OTHER,
)  # fmt: skip
_WORDS = {
    HEAD: "本人 户主本人 房主",
    SPOUSE: "夫 妻 丈夫 妻子 夫妻 爱人 老公 老婆",
    "子": "儿子 长子 次子 三子 独生子 养子 继子",
    "女": "女儿 长女 次女 三女 独生女 养女 继女",
    "儿媳": "媳妇 长媳 次媳",
    "孙子女": "孙子 孙女 长孙 次孙",
    "外孙子女": "外孙 外孙女",
    "父母": "父 母 父亲 母亲 爸爸 妈妈",
    "岳父母或公婆": "岳父 岳母 公公 婆婆 公婆 岳父母",
    "祖父母": "祖父 祖母 爷爷 奶奶 外祖父 外祖母 外公 外婆 姥爷 姥姥",
    "兄弟姐妹": "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 姐弟 兄妹",
    "其他亲属": "亲戚 亲属 侄子 侄女 外甥 外甥女",
    "保姆": "家政 护工",
    "合租": "租客 室友 同住",
    OTHER: "其它 非亲属",
}
SAID: dict[str, str] = {word: relation for relation, words in _WORDS.items() for word in words.split()}


def relation_of(said: str) -> str:
    """The relation that a word means, such as 长子 → 子; a word that is not known stays as it is."""
    return SAID.get(said, said)


@dataclass(frozen=True, slots=True)
class Kind:
    """A relationship between two residents, as each side of it is called."""

    code: str
    title: str  # what the other is to the resident: 监护人
    back: str  # what the resident is to the other: 被监护人


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("guardian", "监护人", "被监护人"),
        Kind("carer", "照料人", "被照料人"),
        Kind("emergency", "紧急联系人", "紧急联系对象"),
        Kind("helper", "结对帮扶人", "帮扶对象"),
        Kind("spouse", "配偶", "配偶"),
        Kind("parent", "父母", "子女"),
        Kind("sibling", "兄弟姐妹", "兄弟姐妹"),
    )
}
