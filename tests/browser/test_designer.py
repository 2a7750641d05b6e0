"""A secretary adds two fields to the ledger of hazards, publishes, a worker files with them, and one is retired."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.models import Entry
from tests.browser.test_ledgers import PHONE, come, fits
from tests.ledgers.designer import make
from tests.ledgers.make import Yard, yard
from tests.places import make as places

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Settings) -> Yard:
    settings.MEDIA_ROOT = tmp_path
    catalogue.forget()
    publish_shipped()
    return yard()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sure(page: Page, name: str) -> None:
    """A press that asks first."""
    press(page, name)
    page.get_by_role("dialog").get_by_role("button", name="确定").click()


def test_two_fields_are_added_filled_and_one_is_retired(page: Page, live_server: LiveServer, world: Yard) -> None:
    base = come(page, live_server, world.boss)
    page.goto(f"{base}ledgers/")
    page.get_by_role("link", name="台账设计").click()
    page.get_by_label("哪本台账").select_option("hazard")
    press(page, "开始加字段")
    page.get_by_role("link", name=re.compile("改 ?补充说明")).click()
    page.get_by_label("名称", exact=True).fill("陪同人")
    press(page, "保存")
    page.get_by_role("link", name="加字段").click()
    page.get_by_label("名称", exact=True).fill("反映渠道")
    expect(page.get_by_label("选项")).to_be_hidden()
    page.get_by_label("类别").select_option("choice")
    page.get_by_label("选项").fill("微信群\n热线")
    page.get_by_label("在列表里显示一列").check()
    press(page, "保存")
    expect(page.get_by_text("没有要改的，可以发布。")).to_be_visible()

    # As text: what is wrong is told while one writes
    page.get_by_role("link", name="文本").click()
    text = page.get_by_role("textbox")
    words = text.last.input_value()
    text.last.fill(words.replace("kind: choice", "kind: gold"))
    expect(page.get_by_text("L105")).to_be_visible()
    text.last.fill(words)
    expect(page.get_by_text("没有要改的，可以发布。")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="预览").click()
    expect(page.get_by_role("group", name="反映渠道")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    sure(page, "发布")
    expect(page.get_by_text("已发布，从现在起登记用这一版")).to_be_visible()

    come(page, live_server, world.one)
    page.goto(f"{base}hazard/new/")
    page.get_by_label("隐患描述").fill("楼道堆放纸箱")
    page.get_by_label("类别").first.select_option("fire")
    page.get_by_label("陪同人").fill("王师傅")
    page.get_by_text("微信群", exact=True).click()
    press(page, "保存")
    page.wait_for_url(re.compile(r"/hazard/[0-9a-f-]{36}/"))
    expect(page.get_by_text("王师傅")).to_be_visible()
    assert Entry.objects.get().data["x_bz"] == "王师傅"

    come(page, live_server, world.boss)
    page.goto(f"{base}designer/")
    page.get_by_role("link", name="隐患整改台账补充字段").click()
    press(page, "改动：做第 2 版")
    page.get_by_role("button", name=re.compile("停用 ?陪同人")).click()
    expect(page.get_by_text("已停用", exact=True)).to_be_visible()
    sure(page, "发布")
    page.goto(f"{base}hazard/new/")
    expect(page.get_by_text("反映渠道")).to_be_visible()
    expect(page.get_by_label("陪同人")).to_have_count(0)


def test_the_pages_fit_and_are_accessible(page: Page, live_server: LiveServer, world: Yard) -> None:
    owner = make.of(world.home)
    overlay = make.published(world.boss, owner, make.overlay_draft(world.boss, owner, make.PARTNER, make.SOURCE))
    wrong = [
        {"code": "what", "title": "事项", "kind": "text", "required": True},
        {"code": "b", "title": "选", "kind": "choice"},
    ]
    faulty = make.ledger_draft(world.boss, owner, fields=wrong)
    ledger = make.ledger_draft(world.boss, owner, "x_tw", "帮扶台账")
    points = make.checklist_draft(world.boss, owner)
    office = make.overlay_draft(
        places.officer("jiedao", of=world.home.subdistrict), make.office(world.home), make.SOURCE, ledger="visit"
    )
    base = come(page, live_server, world.boss)
    pages = [
        "", f"{overlay.pk}/", f"{faulty.pk}/", f"{faulty.pk}/text/", f"{ledger.pk}/", f"{ledger.pk}/settings/",
        f"{ledger.pk}/preview/", f"{ledger.pk}/add/field/", f"{ledger.pk}/change/step/finish/",
        f"{ledger.pk}/change/state/open/", f"{points.pk}/", f"{points.pk}/change/point/p1/", f"{points.pk}/preview/",
    ]  # fmt: skip
    for size in (PHONE, ViewportSize(width=1366, height=900)):
        page.set_viewport_size(size)
        for address in pages:
            page.goto(f"{base}designer/{address}")
            fits(page)
    come(page, live_server, office.made_by or world.boss)
    for address in ("", f"{office.pk}/", f"{office.pk}/preview/"):
        page.goto(f"{live_server.url}/subdistrict/{world.home.subdistrict.code}/designer/{address}")
        fits(page)
