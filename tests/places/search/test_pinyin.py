"""How names are typed by the first letters of their pinyin."""

from __future__ import annotations

import pytest

from nianlun.places.search.pinyin import initials, settled


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单雄信", "sxx"), ("仇英", "qy"), ("尉迟恭", "ycg"), ("解晓东", "xxd"), ("区小明", "oxm"), ("查良镛", "zly"),
        ("曾国强", "zgq"), ("朴正雅", "pzy"), ("盖文", "gw"), ("乐嘉", "yj"), ("缪昌期", "mcq"), ("员半千", "ybq"),
        ("逄博", "pb"), ("翟让", "zr"), ("黑静", "hj"), ("万俟雪", "mqx"), ("令狐冲", "lhc"), ("长孙无忌", "zswj"),
        ("张伟", "zw"), ("欧阳修", "oyx"), ("买买提·吐尔逊", "mmttex"), ("Anna Li", "annali"), ("覃海燕", "qhy"),
        ("单于", "cy"), ("", ""), ("·", ""), ("张𠮷", "z"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(name: str, letters: str) -> None:
    assert initials(name, person=True) == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("清风苑", "qfy"), ("3号楼", "3hl"), ("Ａ座12号", "az12h"), ("朝阳里", "cyl"), ("工商银行", "gsyh"),
        ("重庆路", "cql"), ("单元门", "dym"), ("长安里", "cal"), ("音乐喷泉花园", "yypqhy"), ("（旧）梧桐苑", "jwty"),
    ],
)  # fmt: skip
def test_other_names_are_read_as_words(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("name", "written", "before", "stored"),
    [
        ("单雄信", None, ("", ""), "sxx"),
        ("单雄信", "", ("", ""), "sxx"),
        ("单雄信", "DXX", ("", ""), "dxx"),
        ("单雄信", None, ("单雄信", "dxx"), "dxx"),  # set by hand once: kept while the name is
        ("单雄信", "", ("单雄信", "dxx"), "dxx"),
        ("单雄信", "dxx", ("单雄信", "dxx"), "dxx"),
        ("单小信", "dxx", ("单雄信", "dxx"), "sxx"),  # the old initials came back with a new name
        ("单小信", "dxx", ("单雄信", "sxx"), "dxx"),
    ],
)
def test_initials_set_by_hand_stay_while_the_name_does(
    name: str, written: str | None, before: tuple[str, str], stored: str
) -> None:
    assert settled(name, written, before=before, person=True) == stored
