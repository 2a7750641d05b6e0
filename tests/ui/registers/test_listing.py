"""The list of a register: who sees it, what narrows and sorts it, and pages that follow by key."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.places.models import Community, Estate, PostKind, User
from nianlun.ui.registers import register as registers
from nianlun.ui.registers.keyset import CursorLost, page, total
from nianlun.ui.registers.register import Filter
from tests.places import make
from tests.ui.registers.conftest import plot, send
from tests.ui.registers.plots import Plots

pytestmark = pytest.mark.django_db
LIST = "/c/wutong/plots/"


def names(html: str) -> list[str]:
    return re.findall(r'<td><a href="[^"]+">([^<]+)</a>', html)


def shown(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return LIST + found[1].replace("&amp;", "&") if found else ""


def test_who_sees_it(home: Community, client: Client) -> None:
    plot(home, "甲")
    assert client.get(LIST).status_code == 302  # to the sign-in
    client.force_login(make.secretary("stranger", at=make.community("far", of=make.subdistrict("other"))))
    assert client.get(LIST).status_code == 404
    client.force_login(make.officer("system", of=home.subdistrict, kind=PostKind.SYSTEM_ADMIN))
    assert client.get(LIST).status_code == 403
    client.force_login(make.worker("grid", at=home, kind=PostKind.GRID_WORKER))
    page = shown(client)
    assert names(page) == ["甲"] and "新增" not in page and "导入" not in page


def test_another_word_in_the_address_is_left_to_its_room(at_desk: Client) -> None:
    assert at_desk.get("/c/wutong/people/").status_code == 200
    assert at_desk.get("/c/wutong/nothing/").status_code == 404


def test_an_empty_list_says_what_to_do_next(at_desk: Client, home: Community) -> None:
    page = shown(at_desk)
    assert "还没有地块" in page and f'href="{LIST}new/"' in page and f'href="{LIST}import/"' in page
    plot(home, "甲")
    narrowed = shown(at_desk, f"{LIST}?kind=old")
    assert "没有符合条件的地块" in narrowed and "看全部" in narrowed


def test_box_and_filters_narrow_and_can_be_taken_off(at_desk: Client, home: Community) -> None:
    for name, kind in (("东一", "old"), ("东二", "estate"), ("西一", "old")):
        plot(home, name, kind=kind)
    answer = at_desk.post(f"{LIST}find/", {"q": "东", "kind": "old", "order": "name"})
    page = shown(at_desk, answer["Location"])
    assert names(page) == ["东一"] and "类别：老旧小区" in page and "查找：东" in page
    export = re.search(r'href="(/c/wutong/plots/export/[^"]+)"', page)
    assert export and parse_qs(urlsplit(export[1].replace("&amp;", "&")).query) == {
        "q": ["东"],
        "kind": ["old"],
        "order": ["name"],
    }
    assert names(shown(at_desk, f"{LIST}?kind=old")) == ["东一", "西一"]
    assert names(shown(at_desk, f"{LIST}?q=东")) == ["东一", "东二"]


def test_a_filter_that_is_not_offered_is_refused_and_never_left_out(at_desk: Client, home: Community) -> None:
    plot(home, "甲")
    answer = at_desk.get(f"{LIST}?kind=castle")
    assert answer.status_code == 422 and "请重新选择" in answer.content.decode()


@pytest.mark.parametrize("number", ["13812345678", "138 1234 5678", "330106199001011234"])
def test_a_number_of_somebody_never_stands_in_an_address(at_desk: Client, home: Community, number: str) -> None:
    plot(home, f"地{number}"[:20])
    there = at_desk.post(f"{LIST}find/", {"q": number})["Location"]
    assert number not in there and "12345" not in there and "1990" not in there
    page = shown(at_desk, there)
    assert "查找：" + number[:3] + "****" in page
    assert all(number.replace(" ", "+") not in address for address in re.findall(r'href="([^"]+)"', page))
    by_hand = at_desk.get(LIST, {"q": number})
    assert by_hand.status_code == 302 and "q=" not in by_hand["Location"]


def test_headings_sort_both_ways(at_desk: Client, home: Community) -> None:
    for name, code in (("b", "1"), ("a", "3"), ("c", "2")):
        plot(home, name, code=code)
    page = shown(at_desk)
    assert names(page) == ["a", "b", "c"] and 'aria-sort="ascending"' in page and "order=-name" in page
    assert names(shown(at_desk, f"{LIST}?order=-name")) == ["c", "b", "a"]
    assert names(shown(at_desk, f"{LIST}?order=code")) == ["b", "c", "a"]
    assert names(shown(at_desk, f"{LIST}?order=latest")) == ["c", "a", "b"]
    assert names(shown(at_desk, f"{LIST}?order=-latest")) == ["b", "a", "c"]
    assert names(shown(at_desk, f"{LIST}?order=nonsense")) == ["a", "b", "c"]


@pytest.mark.parametrize("order", ["name", "-name", "latest"])
def test_pages_follow_forward_and_back(at_desk: Client, home: Community, order: str) -> None:
    for number in range(120):
        plot(home, f"{number // 3:03}", code=str(number))  # three of each name
    first = shown(at_desk, f"{LIST}?order={order}")
    assert len(names(first)) == 50 and not link(first, "prev")
    second = shown(at_desk, link(first, "next"))
    third = shown(at_desk, link(second, "next"))
    assert len(names(third)) == 20 and not link(third, "next")
    together = re.findall(r"/plots/([0-9a-f-]{36})/", first + second + third)
    assert len(set(together)) == 120
    assert names(shown(at_desk, link(third, "prev"))) == names(second)
    back = shown(at_desk, link(second, "prev"))
    assert names(back) == names(first) and not link(back, "prev")


def test_pages_stand_still_while_records_come_and_go(at_desk: Client, home: Community) -> None:
    for number in range(60):
        plot(home, f"{number:03}")
    following = link(shown(at_desk), "next")
    before = names(shown(at_desk, following))
    plot(home, "000新")
    Estate.objects.filter(name="049").delete()  # the one that the page begins after
    assert names(shown(at_desk, following)) == before == [f"{number:03}" for number in range(50, 60)]
    Estate.objects.filter(name__gt="048").delete()
    assert at_desk.get(following).status_code == 302  # to the first page


def test_a_cursor_tells_nobody_anything_and_a_broken_one_leads_to_the_first_page(
    at_desk: Client, home: Community
) -> None:
    for number in range(60):
        plot(home, f"张三{number:03}")
    following = link(shown(at_desk), "next")
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    assert "张" not in cursor and Estate.objects.values_list("pk", flat=True)[49].hex not in cursor
    for broken in (cursor[:-4], "x", "x" * 3000):
        assert at_desk.get(LIST, {"cursor": broken}).status_code == 302
    assert at_desk.get(LIST, {"cursor": cursor, "order": "code"}).status_code == 302


def test_totals_are_counted_to_a_thousand_and_exactly_when_asked(at_desk: Client, home: Community) -> None:
    rows = [
        Estate(community=home, subdistrict=home.subdistrict, name=f"{number}", code=f"{number}")
        for number in range(1001)
    ]
    Estate.objects.bulk_create(rows[:1000])
    assert "共 1,000 块" in shown(at_desk)
    Estate.objects.bulk_create(rows[1000:])
    assert "共 1,000+ 块" in shown(at_desk) and "共 1,001 块" in shown(at_desk, f"{LIST}?total=exact")
    assert str(total(Estate.objects.filter(name="none"))) == "0"


def test_what_is_kept_from_a_post_is_not_in_its_list(home: Community, boss: User, client: Client) -> None:
    from_boss, from_grid = client, Client()
    from_boss.force_login(boss)
    from_grid.force_login(make.worker("grid", at=home, kind=PostKind.GRID_WORKER))
    send(from_boss, f"{LIST}new/", {"name": "甲", "code": "a", "kind": "old", "phone": "13812345678"})
    assert "138****5678" in shown(from_boss) and "138****" not in shown(from_grid)
    assert "13812345678" not in shown(from_boss)


def test_queries_do_not_grow_with_rows(at_desk: Client, home: Community) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown(at_desk, f"{LIST}?q=地")
        return len(queries)

    plot(home, "地0")
    shown(at_desk)
    one = asked()
    for number in range(1, 50):
        plot(home, f"地{number}")
    assert asked() == one


def test_a_filter_cannot_take_a_name_that_addresses_use(plots: Plots) -> None:
    class Wrong(Plots):
        code = "wrong"
        filters = (Filter("order", "次序", lambda viewer: [], lambda rows, value, viewer: rows),)

    with pytest.raises(ValueError, match="order"):
        registers.register(Wrong())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 5), st.booleans())
def test_walking_all_pages_gives_the_sorted_list(words: list[str], size: int, descending: bool) -> None:
    home = make.community()
    Estate.objects.all().delete()
    for number, word in enumerate(words):
        plot(home, word, code=str(number))
    sign = "-" if descending else ""
    expected = list(Estate.objects.order_by(f"{sign}name", f"{sign}pk"))
    walked: list[Estate] = []
    cursor, back = "", ""
    while True:
        found = page(Estate.objects.all(), ("name", "pk"), descending=descending, cursor=cursor, size=size)
        assert bool(found.before) == bool(walked)
        walked += found.rows
        back, cursor = found.before, found.after
        if not cursor:
            break
    assert walked == expected
    while back:
        found = page(Estate.objects.all(), ("name", "pk"), descending=descending, cursor=back, size=size)
        assert found.after and found.rows == expected[expected.index(found.rows[0]) :][: len(found.rows)]
        back = found.before


def test_a_cursor_belongs_to_its_order(home: Community) -> None:
    for name in "abc":
        plot(home, name)
    found = page(Estate.objects.all(), ("name", "pk"), size=1)
    with pytest.raises(CursorLost):
        page(Estate.objects.all(), ("name", "pk"), descending=True, cursor=found.after, size=1)
