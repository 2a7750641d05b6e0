"""The ring on a phone: a sentence of the plan, its duty, an inspection, a hazard that another verifies, and back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from nianlun.duties.models import Occurrence
from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.models import Entry
from tests.browser.test_ledgers import come, fits
from tests.duties import make as duties
from tests.duties.make import WEEKLY, World
from tests.ledgers.serving.make import duty
from tests.places.ground import make as ground

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = ViewportSize(width=390, height=844)
SOON = (today() + timedelta(days=7)).isoformat()
SENTENCE = "每月开展一次燃气安全检查，隐患整改率达到100%"
EACH = "每周到每个网格检查一遍"


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Settings) -> World:
    settings.MEDIA_ROOT = tmp_path
    catalogue.forget()
    publish_shipped()
    return duties.world()


def test_from_a_sentence_to_a_verified_hazard_and_back(page: Page, live_server: LiveServer, world: World) -> None:
    one = duty(world, SENTENCE, "inspection", owners=["网格员"], year=today().year)
    page.set_viewport_size(PHONE)
    base = come(page, live_server, world.grid1)

    # From the duty to its form, which begins with what is known
    page.goto(f"{base}occurrences/{one.pk}/")
    expect(page.get_by_text("计划原文")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="登记检查台账").click()
    expect(page.get_by_role("checkbox", name=re.compile(SENTENCE[:12]))).to_be_checked()
    expect(page.get_by_label("用哪张检查表")).to_have_value("gas")
    page.get_by_label("检查对象").fill("老街小吃店")
    page.get_by_label("检查人员").fill("两名网格员")
    points = page.locator(".ng-point")
    expect(points.first).to_be_visible()
    for place in range(points.count()):
        points.nth(place).get_by_role("radio", name="合格", exact=True).check()
    hose = page.locator(".ng-point", has=page.locator('[name="points.hose"]'))
    hose.get_by_role("radio", name="不合格").check()
    hose.get_by_role("textbox").fill("软管开裂")
    page.get_by_text("限期整改", exact=True).click()
    page.get_by_label("整改期限").fill(SOON)
    fits(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/inspection/[0-9a-f-]{36}/"))
    expect(page.get_by_role("heading", name="完成的任务")).to_be_visible()
    fits(page)
    inspected = page.url

    # The inspection is the duty's work; the hazard's closing is said beside it
    page.get_by_role("link", name=SENTENCE).click()
    expect(page.get_by_text("已完成", exact=True).first).to_be_visible()
    expect(page.get_by_text("已发现 1 处，已销号 0 处")).to_be_visible()
    fits(page)

    # The hazard: its notice, mended, verified by another
    page.goto(inspected)
    page.get_by_role("link", name=re.compile("隐患整改台账：")).click()
    page.get_by_role("link", name="下发整改通知书").click()
    page.get_by_label("整改要求").fill("更换燃气软管")
    page.get_by_label("整改期限").fill(SOON)
    page.get_by_role("button", name="下发整改通知书").click()
    expect(page.get_by_role("link", name=re.compile("整改通知书 〔"))).to_be_visible()
    page.get_by_role("link", name="已整改").click()
    page.get_by_label("整改情况").fill("已更换")
    page.get_by_label("整改完成日期").fill(today().isoformat())
    page.get_by_role("button", name="已整改").click()
    hazard = page.url
    come(page, live_server, world.grid2)
    page.goto(hazard)
    page.get_by_role("link", name="复查合格，销号").click()
    page.get_by_label("复查意见").fill("现场看过，已换新管")
    page.get_by_role("button", name="复查合格，销号").click()
    expect(page.get_by_text("已销号").first).to_be_visible()

    # All the way back: hazard → inspection → duty → sentence
    page.get_by_role("link", name=re.compile("检查台账：老街小吃店")).click()
    page.get_by_role("link", name=SENTENCE).click()
    expect(page.get_by_text("已发现 1 处，已销号 1 处")).to_be_visible()
    page.get_by_role("link", name=re.compile("在计划（第1版）中查看")).click()
    assert one.duty.item is not None
    expect(page.locator(f"#i-{one.duty.item.texts.get().pk}")).to_contain_text(SENTENCE)
    assert Occurrence.objects.get(pk=one.pk).done_by == world.grid1


def test_a_duty_for_each_of_three_grids(page: Page, live_server: LiveServer, world: World) -> None:
    one = duty(world, EACH, "inspection", schedules=[WEEKLY], owners=["网格员"], year=today().year)
    names = ("第一网格", "第二网格", "第三网格")
    for number, name in enumerate(names):
        ground.grid(name, at=world.home, code=f"g{number}")
    page.set_viewport_size(PHONE)
    base = come(page, live_server, world.boss)
    page.goto(f"{base}duties/{one.duty_id}/")
    page.get_by_role("link", name="按每个网格落实").click()
    expect(page.get_by_role("radio", name=re.compile("每个网格"))).to_be_checked()
    fits(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("每个网格都要登记一次")).to_be_visible()

    come(page, live_server, world.grid1)
    page.goto(f"{base}occurrences/{one.pk}/")
    page.get_by_role("link", name="看清单，逐个登记").click()
    for number, name in enumerate(names):
        expect(page.get_by_role("heading", name=f"逐个落实 {number} / 3")).to_be_visible()
        fits(page)
        page.get_by_role("link", name=f"登记：{name}", exact=True).click()
        expect(page.get_by_label("检查对象")).to_have_value(name)
        page.get_by_label("检查人员").fill("两名网格员")
        page.locator('[data-field="conclusion"]').get_by_text("合格", exact=True).click()
        page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="逐个落实 3 / 3")).to_be_visible()
    fits(page)
    assert Occurrence.objects.get(pk=one.pk).status == "done"
    assert Entry.objects.filter(ledger="inspection", grid__isnull=False).count() == 3
    page.goto(f"{base}progress/done/")
    expect(page.get_by_role("link", name="3 / 3")).to_be_visible()
    fits(page)
