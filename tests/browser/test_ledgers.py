"""From an inspection on a phone to a hazard that another has verified: what a grid worker and two workers press."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.models import Entry
from nianlun.places.models import Organisation, User
from tests.ledgers.make import Yard, hazard, yard
from tests.ledgers.views.test_form import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = ViewportSize(width=390, height=844)
SOON = (today() + timedelta(days=7)).isoformat()


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Settings) -> Yard:
    settings.MEDIA_ROOT = tmp_path
    catalogue.forget()
    publish_shipped()
    made = yard()
    Organisation.objects.create(
        subdistrict=made.home.subdistrict, community=made.home, kind="shop", name="老街小吃店", contact="王师傅"
    )
    return made


def come(page: Page, server: LiveServer, user: User) -> str:
    """Signed in without the form; gives the address of the community."""
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": str(server.url)}]
    )
    return f"{server.url}/c/wutong/"


def fits(page: Page) -> None:
    """Nothing wider than the screen, and nothing serious that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == [], page.url


def test_an_inspection_on_a_phone_to_a_verified_hazard(page: Page, live_server: LiveServer, world: Yard) -> None:
    page.set_viewport_size(PHONE)
    base = come(page, live_server, world.one)
    page.goto(f"{base}ledgers/")
    fits(page)
    page.get_by_role("link", name=re.compile("登记 ?检查台账")).click()

    # Whom, by the keyboard; what is known of them is offered
    subject = page.get_by_role("combobox", name="对象")
    subject.fill("小吃")
    expect(page.get_by_role("option", name="老街小吃店")).to_be_visible()
    subject.press("ArrowDown")
    subject.press("Enter")
    expect(subject).to_have_value("老街小吃店")
    page.get_by_role("button", name="带入 老街小吃店").click()
    page.get_by_role("button", name="带入 王师傅").click()
    expect(page.get_by_label("被检查方", exact=True).or_(page.get_by_label("检查对象"))).to_have_value("老街小吃店")
    page.get_by_label("检查人员").fill("安全专干、网格员")

    # Point by point
    page.get_by_label("用哪张检查表").select_option("gas")
    points = page.locator(".ng-point")
    expect(points.first).to_be_visible()
    for place in range(points.count()):
        points.nth(place).get_by_role("radio", name="合格", exact=True).check()
    hose = page.locator(".ng-point", has=page.locator('[name="points.hose"]'))
    hose.get_by_role("radio", name="不合格").check()
    hose.get_by_role("textbox").fill("软管开裂")
    expect(page.locator('[data-computed="failed"]')).to_have_text("1")
    expect(page.locator('[data-field="joint_with"]')).to_be_hidden()
    page.get_by_text("限期整改", exact=True).click()
    page.get_by_label("整改期限").fill(SOON)
    given = photo((2400, 1800))
    page.set_input_files(
        '[data-send-file="photos"]', {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": given.read()}
    )
    expect(page.get_by_text("已传 1 个。")).to_be_visible()
    fits(page)

    # What was typed outlives a lost signal
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="恢复上次没有提交的内容").click()
    expect(page.get_by_label("检查人员")).to_have_value("安全专干、网格员")
    expect(page.locator('[name="points.hose"][value="failed"]')).to_be_checked()
    expect(page.locator(".ng-files img")).to_have_count(1)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/inspection/[0-9a-f-]{36}/"))
    fits(page)

    # The hazard that it opened, and its notice
    page.get_by_role("link", name=re.compile("隐患整改台账：")).click()
    expect(page.get_by_text("待通知")).to_be_visible()
    page.get_by_role("link", name="下发整改通知书").click()
    page.get_by_label("整改要求").fill("更换燃气软管")
    page.get_by_label("整改期限").fill(SOON)
    fits(page)
    page.get_by_role("button", name="下发整改通知书").click()
    page.get_by_role("link", name=re.compile("整改通知书 〔")).click()
    expect(page.get_by_role("heading", name="整改通知书")).to_be_visible()
    expect(page.get_by_text("更换燃气软管")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="返回").click()

    # Mended, and verified by another
    page.get_by_role("link", name="已整改").click()
    page.get_by_label("整改情况").fill("已更换")
    page.get_by_label("整改完成日期").fill(today().isoformat())
    page.get_by_role("button", name="已整改").click()
    expect(page.get_by_text("不能自己核验").first).to_be_visible()
    address = page.url
    come(page, live_server, world.two)
    page.goto(address)
    page.get_by_role("link", name="复查合格，销号").click()
    page.get_by_label("复查意见").fill("现场看过，已换新管")
    page.get_by_role("button", name="复查合格，销号").click()
    expect(page.get_by_text("已销号").first).to_be_visible()
    fits(page)
    assert Entry.objects.get(ledger="hazard").closed_on == today()


def test_a_lost_signal_loses_nothing(page: Page, live_server: LiveServer, world: Yard) -> None:
    page.set_viewport_size(PHONE)
    base = come(page, live_server, world.one)
    page.goto(f"{base}visit/new/")
    page.get_by_text("关心慰问").click()
    page.get_by_label("走访情况").fill("都好")
    page.get_by_label("联系电话").fill("13800138000")

    # Known to be offline: the form stays and says so
    page.context.set_offline(True)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("现在没有网络，没有保存")).to_be_visible()
    page.context.set_offline(False)

    # The signal goes while it is being sent: the page is lost, the draft is not
    page.route("**/visit/new/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_timeout(500)
    page.unroute("**/visit/new/")
    page.goto(f"{base}visit/")
    page.goto(f"{base}visit/new/")
    page.get_by_role("button", name="恢复上次没有提交的内容").click()
    expect(page.get_by_label("走访情况")).to_have_value("都好")
    expect(page.get_by_label("联系电话")).to_have_value("")  # never kept in the browser
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/visit/[0-9a-f-]{36}/"))

    # What was saved is no draft any more
    page.goto(f"{base}visit/new/")
    expect(page.get_by_role("button", name="恢复上次没有提交的内容")).to_have_count(0)
    assert Entry.objects.filter(ledger="visit").count() == 1


def test_rows_are_added_and_a_signature_is_drawn(page: Page, live_server: LiveServer, world: Yard) -> None:
    page.set_viewport_size(PHONE)
    base = come(page, live_server, world.one)
    page.goto(f"{base}meeting/new/")
    page.get_by_label("会议议题").fill("电梯")
    page.get_by_label("会议类型").select_option("routine")
    page.get_by_label("主持人").fill("主任")
    page.get_by_label("实到人数").fill("9")
    page.get_by_label("会议记录").fill("讨论")
    page.get_by_role("button", name="加一行").click()
    page.keyboard.type("公示七天")
    fits(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/meeting/[0-9a-f-]{36}/"))
    assert Entry.objects.get(ledger="meeting").data["decisions"] == [{"what": "公示七天"}]

    page.goto(f"{base}visit/new/")
    page.get_by_text("关心慰问").click()
    page.get_by_label("走访情况").fill("都好")
    page.get_by_label("慰问物品").fill("米一袋")
    canvas = page.locator("canvas")
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 50, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/visit/[0-9a-f-]{36}/"))
    assert Entry.objects.get(ledger="visit").files.get().kind == "image/png"


def test_every_page_fits_and_is_accessible(page: Page, live_server: LiveServer, world: Yard) -> None:
    base = come(page, live_server, world.boss)
    entry = hazard(world.one, world.home)
    lists = (
        "hazard/",
        "hazard/new/",
        "hazard/blank/",
        "inspection/blank/?checklist=gas",
        "hazard/about/",
        "benefit/new/",
    )
    pages = (*lists, *(f"hazard/{entry.pk}/{one}/" for one in ("print", "edit", "step/refute")))
    for width in (390, 1366):
        page.set_viewport_size(ViewportSize(width=width, height=844))
        for address in pages:
            page.goto(base + address)
            fits(page)
