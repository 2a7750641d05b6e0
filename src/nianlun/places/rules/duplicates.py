"""What makes two entries of the register look like one person."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The surest first. An ID number stands once in a subdistrict, so that it makes no pairs."""

    BORN_HERE = "born_here"
    PHONE = "phone"

    @property
    def said(self) -> str:
        return SAID[self]


SAID = {
    Why.BORN_HERE: "同名、同出生日期、同楼栋",
    Why.PHONE: "同名、同手机",
}


def warning(name: str, why: Why) -> str:
    """What is asked before somebody is registered who looks like another."""
    return f"本社区已登记一位“{name}”（{why.said}）。请先核对；确实是另一个人再保存。"
