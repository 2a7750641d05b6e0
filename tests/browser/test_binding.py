"""Ledgers of a plan's items in a browser: suggested in the review, changed there, bound when the plan is adopted."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.ledgers.models import ItemLedger
from nianlun.places.models import User
from nianlun.plans import jobs
from nianlun.plans.models import ItemText, PlanVersion
from tests.browser.test_review import sign_in
from tests.places import make
from tests.plans.making import TEXT, row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def bound(text: ItemText) -> set[str]:
    return set(ItemLedger.objects.filter(item=text.item_id, refused=False).values_list("ledger", flat=True))


@pytest.fixture
def secretary(transactional_db: None) -> User:
    return make.secretary(at=make.community())


def test_from_upload_to_bound(page: Page, live_server: LiveServer, secretary: User) -> None:
    sign_in(page, live_server, secretary)
    page.goto(f"{live_server.url}/c/wutong/plans/new/")
    page.get_by_label("粘贴全文").fill(TEXT)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("正在排队")).to_be_visible()
    jobs.read_version(str(PlanVersion.objects.get().pk))
    expect(page.get_by_role("heading", name="审阅任务")).to_be_visible()
    version = PlanVersion.objects.get()

    inspected, drill = row(version, "消防检查"), row(version, "疏散演练")
    card = page.locator(f"#i-{inspected.pk}")
    expect(card.get_by_text("检查台账")).to_be_visible()
    expect(card.get_by_text("建议：原文有")).to_be_visible()
    card.get_by_role("button", name="加台账").click()
    card.get_by_label("要加的台账").select_option(label="隐患整改台账")
    card.get_by_role("button", name="加上").click()
    expect(page.get_by_text("已加上隐患整改台账")).to_be_visible()
    card.get_by_role("button", name="去掉检查台账").click()
    expect(page.get_by_text("已去掉检查台账")).to_be_visible()
    expect(card.get_by_role("button", name="去掉检查台账")).to_have_count(0)
    other = page.locator(f"#i-{drill.pk}")
    other.get_by_role("button", name="去掉活动台账").click()
    expect(other.get_by_text("没有台账")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(other.get_by_role("button", name="去掉活动台账")).to_be_visible()
    assert serious(page) == []

    page.get_by_role("link", name="核对完毕，去通过").click()
    page.get_by_role("button", name="通过，开始执行").click()
    expect(page.get_by_text("第 1 版已通过")).to_be_visible()
    assert bound(inspected) == {"hazard"} and bound(drill) == {"activity"}

    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="任务与台账").click()
    page.locator("#by-ledger").select_option("hazard")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("link", name="消防检查")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and serious(page) == []


def test_the_page_of_a_plan_by_keys(page: Page, live_server: LiveServer, secretary: User) -> None:
    sign_in(page, live_server, secretary)
    page.goto(f"{live_server.url}/c/wutong/plans/new/")
    page.get_by_label("粘贴全文").fill(TEXT)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("正在排队")).to_be_visible()
    jobs.read_version(str(PlanVersion.objects.get().pk))
    version = PlanVersion.objects.get()
    page.get_by_role("link", name="核对完毕，去通过").click()
    page.get_by_role("button", name="通过，开始执行").click()
    expect(page.get_by_text("第 1 版已通过")).to_be_visible()
    ItemLedger.objects.all().delete()

    page.goto(f"{live_server.url}/c/wutong/plans/{version.plan_id}/ledgers/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="勾选：").first).to_be_checked()
    page.get_by_role("button", name="采用勾选的建议").click()
    expect(page.get_by_text("已为 1 条任务采用建议的台账")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("1 条任务恢复原样")).to_be_visible()
    assert not ItemLedger.objects.exists()
    count = page.locator("#counts a").first
    before = count.inner_text()
    page.get_by_role("button", name="＋").first.click()
    expect(page.get_by_text("已加上")).to_be_visible()
    expect(count).not_to_have_text(before)
