"""The box on every page: nothing typed into it stands in an address, and it finds as one types."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.places.models import Community, PostKind
from tests.places import make
from tests.places.search.make import building, resident, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    at = make.community()
    home = room(of=building(at=at))
    for name in ("张秀英", "张秀兰", *(f"张秀{char}" for char in "一二三四五六七八")):
        resident(name, at=at, room=home)
    resident("李四", at=at, phone="13900001234", state="died")
    return at


def signed_in(client: Client, at: Community) -> Client:
    client.force_login(make.secretary(at=at))
    return client


def test_the_page_is_grouped_and_goes_on_by_kind(client: Client, here: Community) -> None:
    sent = signed_in(client, here).post("/search/", {"q": "张秀"})
    assert sent.status_code == 302 and quote("张秀") not in sent["Location"]
    found = client.get(sent["Location"])
    text = found.content.decode()
    assert found.status_code == 200 and "no-store" in found["Cache-Control"]
    assert text.count("nl-search-hit") == 8 and "查看更多居民" in text
    more = client.get(f"{sent['Location']}&kind=resident").content.decode()
    assert more.count("nl-search-hit") == 10 and "下一页" not in more
    assert client.get(f"{sent['Location']}&kind=nothing").status_code == 404
    assert client.get(f"{sent['Location']}&kind=resident&cursor=made+up").status_code == 422
    assert "可以这样找" in client.get(f"{sent['Location'][:-6]}").content.decode()  # an address that was cut


def test_hints_stand_where_nothing_was_asked_or_found(client: Client, here: Community) -> None:
    assert "可以这样找" in signed_in(client, here).get("/search/?q=张秀英").content.decode()
    nothing = client.post("/search/", {"q": "查无此人"}, follow=True).content.decode()
    assert "没有找到" in nothing and "可以这样找" in nothing
    assert client.post("/search/", {"q": " "})["Location"] == "/search/"
    short = client.post("/search/", {"q": "张"}, follow=True)
    assert short.status_code == 422 and "再加一个字" in short.content.decode()


def test_suggestions_are_the_best_few(client: Client, here: Community) -> None:
    text = signed_in(client, here).post("/search/suggest/", {"q": "zxy"}).content.decode()
    assert text.index("张秀英") and text.count('role="option"') <= 3
    assert client.get("/search/suggest/").status_code == 405
    assert client.post("/search/suggest/", {"q": " "}).content.strip() == b""
    assert "已不在册" in client.post("/search/suggest/", {"q": "1234"}).content.decode()


def test_whoever_sees_nothing_has_no_box(client: Client, here: Community) -> None:
    client.force_login(make.officer(of=here.subdistrict, kind=PostKind.AUDITOR))
    assert "data-search" not in client.get("/search/").content.decode()
    assert "没有找到" in client.post("/search/", {"q": "张秀英"}, follow=True).content.decode()
    assert Client().post("/search/", {"q": "张秀英"}).status_code == 302


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1366, 390])
def test_typing_walking_and_opening(page: Page, live_server: LiveServer, here: Community, width: int) -> None:
    make.secretary(at=here)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url)
    page.fill("[name=username]", "secretary")
    page.fill("[name=password]", make.PASSWORD)
    page.click("button[type=submit]")
    page.locator("h1").click()
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="搜索居民")
    expect(box).to_be_focused()
    page.keyboard.type("zxb")
    option = page.get_by_role("option", name="张秀八")
    expect(option).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="居民", exact=True)).to_be_visible()
    assert page.url.startswith(f"{live_server.url}/search/?s=") and "zxb" not in page.url
    assert "zxb" not in page.title() and serious(page) == []
    option.or_(page.get_by_role("link", name="张秀八")).first.click()
    page.go_back()
    expect(page.get_by_role("heading", name="居民", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("combobox", name="搜索居民")).to_have_value("zxb")
