"""A register's pages as people meet them: they fit a phone, axe finds nothing, and the keyboard is enough."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.sealing.seal import seal
from nianlun.places.models import Community, Estate, User
from tests.places import make
from tests.ui.registers.conftest import plot, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))
LIST = "/c/wutong/plots/"
SHOTS = os.environ.get("NIANLUN_SHOTS")  # a folder, for whoever wants to see the pages


def sign_in(page: Page, live_server: LiveServer, user: User) -> Client:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return client


def look(page: Page, name: str) -> None:
    """Nothing serious at either width, and no wider than the screen."""
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        wrong = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
        assert wrong == [], (name, width)
    page.set_viewport_size({"width": 1366, "height": 900})


@pytest.fixture
def home(transactional_db: None) -> Community:
    return make.community()


def test_every_page_fits_and_is_accessible(page: Page, live_server: LiveServer, home: Community) -> None:
    client = sign_in(page, live_server, make.secretary(at=home))
    page.goto(live_server.url + LIST)
    look(page, "empty")
    for number in range(60):
        plot(home, f"清风苑{number:02}号地", code=f"p{number:02}", address=seal("13812345678"))
    one = Estate.objects.get(code="p00")
    page.goto(f"{live_server.url}{LIST}?kind=estate&q=清风")
    look(page, "list")
    page.goto(f"{live_server.url}{LIST}?kind=old")
    look(page, "none")
    page.goto(f"{live_server.url}{LIST}new/")
    look(page, "new")
    send(client, f"{LIST}{one.pk}/edit/", {"revision": 1, "name": "清风苑新地", "phone": "13900001111"})
    for name in ("", "edit/", "history/"):
        page.goto(f"{live_server.url}{LIST}{one.pk}/{name}")
        look(page, name.strip("/") or "record")


def test_a_form_is_mended_with_the_keyboard_alone(page: Page, live_server: LiveServer, home: Community) -> None:
    sign_in(page, live_server, make.secretary(at=home))
    page.goto(f"{live_server.url}{LIST}new/")
    page.get_by_label("名称").fill("重名地")
    page.get_by_label("代码").fill("a1")
    page.get_by_label("电话").fill("138123")
    page.get_by_label("电话").press("Control+Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("电话号码不对")
    look(page, "wrong")
    page.get_by_label("电话").fill("13812345678")
    page.get_by_label("电话").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("还没有保存")
    look(page, "asks")
    page.get_by_label("名称").press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="重名地")).to_be_visible()
    expect(page.get_by_text("138****5678")).to_be_visible()


def test_two_people_on_one_record_choose_field_by_field(page: Page, live_server: LiveServer, home: Community) -> None:
    other = sign_in(page, live_server, make.secretary(at=home))
    one = plot(home, "甲地", code="a", kind="old")
    page.goto(f"{live_server.url}{LIST}{one.pk}/edit/")
    page.get_by_label("名称").fill("我改的地")
    send(other, f"{LIST}{one.pk}/edit/", {"revision": 1, "name": "他改的地", "kind": "other"})
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("别人已经改过")
    look(page, "clash")
    page.get_by_role("group", name="名称用哪一个").get_by_label("用别人的").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="他改的地")).to_be_visible()
    one.refresh_from_db()
    assert (one.name, one.kind) == ("他改的地", "other")


def test_the_box_and_the_total_work_in_the_page(page: Page, live_server: LiveServer, home: Community) -> None:
    sign_in(page, live_server, make.secretary(at=home))
    rows = [Estate(community=home, subdistrict=home.subdistrict, name=f"{n}", code=f"{n}") for n in range(1002)]
    Estate.objects.bulk_create(rows)
    page.goto(live_server.url + LIST)
    page.get_by_role("link", name="数出准确数").click()
    expect(page.locator("#total")).to_have_text("共 1,002 块")
    page.get_by_label("查找地块").last.fill("13812345678")
    page.get_by_label("查找地块").last.press("Enter")
    expect(page.get_by_role("heading", name="没有符合条件的地块")).to_be_visible()
    assert "138" not in page.url and "q=" not in page.url
    page.get_by_role("link", name="去掉条件“查找”").click()
    page.get_by_label("类别").select_option("old")
    expect(page.get_by_text("类别：老旧小区")).to_be_visible()
