"""A secret field in a real browser: asked for with a purpose, shown for a minute, gone again; the auditor's page."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.models import AuditLink, AuditRow
from nianlun.kernel.sealing.seal import seal
from nianlun.places.models import PostKind, Resident, User
from tests.places import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))
PHONE, MASK, PURPOSE = "13812345678", "138****5678", "上门前电话联系本人"


@pytest.fixture
def resident(settings: Settings) -> Resident:
    settings.ROOT_URLCONF = "tests.places.secret_page"
    home = make.community()
    return Resident.objects.create(
        subdistrict=home.subdistrict, community=home, name="张三丰", phone_sealed=seal(PHONE)
    )


def open_as(page: Page, live_server: LiveServer, user: User, path: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": str(live_server.url)}])
    page.goto(f"{live_server.url}{path}")


def no_serious_faults(page: Page) -> None:
    found = [fault["id"] for fault in Axe().run(page).response["violations"]]
    assert found == []


def test_a_value_is_asked_for_by_keyboard_shown_for_a_minute_and_gone(
    page: Page, live_server: LiveServer, resident: Resident
) -> None:
    page.clock.install()
    open_as(page, live_server, make.worker(at=resident.community), f"/secret-page/{resident.pk}/")
    expect(page.get_by_text("未登记")).to_be_visible()
    assert page.get_by_role("button", name="查看证件号码").count() == 0
    page.get_by_role("button", name="查看电话").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="查看电话")
    expect(dialog.get_by_label("为什么查看电话")).to_be_focused()
    no_serious_faults(page)
    page.keyboard.type("看看")
    dialog.get_by_role("button", name="查看").click()
    expect(dialog.get_by_role("alert")).to_contain_text("至少 5 个字")
    dialog.get_by_label("为什么查看电话").fill(PURPOSE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(PHONE)).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="隐藏")).to_be_focused()
    no_serious_faults(page)
    page.clock.fast_forward(59_000)
    expect(page.get_by_text(PHONE)).to_be_visible()
    page.clock.fast_forward(2_000)
    expect(page.get_by_text(MASK)).to_be_visible()
    assert PHONE not in page.content() and PURPOSE not in page.content()
    expect(page.get_by_role("button", name="查看电话")).to_be_focused()
    assert page.get_by_role("alert").count() == 0
    assert AuditRow.objects.get(action="secret.revealed").detail["purpose"] == PURPOSE
    assert AuditLink.objects.filter(row__action="secret.revealed").exists()
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").count(PHONE) == 0


@pytest.mark.parametrize("width", WIDTHS, ids=["desk", "phone"])
def test_it_fits_and_can_be_hidden_and_asked_for_again(
    page: Page, live_server: LiveServer, resident: Resident, width: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": width[0], "height": width[1]})
    open_as(page, live_server, make.worker(at=resident.community), f"/secret-page/{resident.pk}/")
    for _ in range(2):
        page.get_by_role("button", name="查看电话").click()
        dialog = page.get_by_role("dialog", name="查看电话")
        assert dialog.get_by_label("为什么查看电话").input_value() == ""
        dialog.get_by_label("为什么查看电话").fill(PURPOSE)
        dialog.get_by_role("button", name="查看").click()
        expect(page.get_by_text(PHONE)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="隐藏").click()
        expect(page.get_by_text(MASK)).to_be_visible()
    assert AuditRow.objects.filter(action="secret.revealed").count() == 2


def test_a_question_can_be_left(page: Page, live_server: LiveServer, resident: Resident) -> None:
    open_as(page, live_server, make.worker(at=resident.community), f"/secret-page/{resident.pk}/")
    for by_key in (True, False):
        page.get_by_role("button", name="查看电话").click()
        if by_key:
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="取消").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
    assert not AuditRow.objects.filter(action="secret.revealed").exists()


@pytest.mark.parametrize("width", WIDTHS, ids=["desk", "phone"])
def test_the_auditors_page_is_clean_at_both_widths(
    page: Page, live_server: LiveServer, resident: Resident, width: tuple[int, int]
) -> None:
    worker = make.worker(at=resident.community)
    client = Client()
    client.force_login(worker)
    client.post(f"/reveal/resident/{resident.pk}/phone/", {"purpose": PURPOSE})
    page.set_viewport_size({"width": width[0], "height": width[1]})
    auditor = make.officer(of=resident.subdistrict, kind=PostKind.AUDITOR)
    for tab in ("", "?view=all", "?view=all&person=nobody"):
        open_as(page, live_server, auditor, f"/audit/{tab}")
        no_serious_faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出为表格").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
