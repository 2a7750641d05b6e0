"""The desk, handing out, leave and the week in a real Chromium, at a desk's width and a phone's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.duties.models import Occurrence
from nianlun.places.models import User
from nianlun.plans.models import ItemText
from tests.duties import make
from tests.duties.make import Wanted, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))


def by(month: int, day: int) -> dict[str, object]:
    return {"kind": "deadline", "month": month, "day": day}


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with make.at(2027, 3, 10):
        made = make.world()
        with make.at(2027, 3, 1):
            made.adopt(
                Wanted("把消防通道清理一遍", "safety", [by(3, 5)], ["民政专干"]),
                Wanted("走访十户独居老人", "elderly", [by(3, 10)], ["民政专干"]),
                Wanted("更新公开栏", "elderly", [by(3, 12)], ["民政专干"]),
                Wanted("夜间巡逻", "security", [by(3, 12)], ["巡逻队"]),
                Wanted("办一次讲座", "law", [by(3, 19)], ["法律顾问"]),
                Wanted("办一次调解", "law", [by(3, 26)]),
            )
        yield made


def sign_in(page: Page, live_server: LiveServer, user: User) -> str:
    """The address of the user's community, signed in without the form."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": str(live_server.url)}]
    )
    return f"{live_server.url}/c/wutong"


def test_ticked_work_is_done_together_and_taken_back(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.welfare)
    page.goto(f"{home}/desk/")
    bar = page.get_by_role("button", name="一起完成")
    expect(bar).to_be_hidden()
    page.get_by_label("选择：把消防通道清理一遍").check()
    page.get_by_label("选择：更新公开栏").click(modifiers=["Shift"])  # everything in between as well
    expect(page.locator("[data-bar-count]")).to_have_text("3")
    page.get_by_label("完成日期").fill("2027-03-05")
    bar.click()
    expect(page.get_by_text("已完成 3 项")).to_be_visible()
    assert Occurrence.objects.filter(status="done", done_on="2027-03-05").count() == 3
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销 3 项")).to_be_visible()
    assert not Occurrence.objects.filter(status="done").exists()
    page.get_by_role("button", name="今天完成：走访十户独居老人").click()
    expect(page.get_by_text("已完成 1 项")).to_be_visible()


def test_work_leads_back_to_its_sentence(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.welfare)
    page.goto(f"{home}/desk/")
    page.get_by_role("link", name="更新公开栏").first.click()
    expect(page.locator("mark")).to_have_text("更新公开栏")
    page.get_by_role("link", name="在计划（第1版）中查看").click()
    expect(page.locator(f"#i-{ItemText.objects.get(text='更新公开栏').pk}")).to_be_in_viewport()


def test_a_line_is_handed_out_with_the_keyboard_alone(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.boss)
    page.goto(f"{home}/handing-out/?who=none")
    page.get_by_label("选中法治的全部任务").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-bar-count]")).to_have_text("2")
    page.get_by_label("分给", exact=True).select_option(label="grid2")
    page.get_by_role("button", name="分出去").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已分出 2 项任务")).to_be_visible()
    page.goto(f"{home}/desk/?whose={world.grid2.pk}")
    expect(page.get_by_role("link", name="办一次讲座", exact=True)).to_be_visible()


def test_the_week_is_copied_as_text(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.welfare)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{home}/desk/week/")
    page.get_by_role("button", name="复制本周为文字").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#week-text").input_value()
    assert "走访十户独居老人" in copied


def test_the_form_of_a_duty_asks_only_what_its_rhythm_needs(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.boss)
    page.goto(f"{home}/duties/new/")
    expect(page.get_by_label("周几")).to_be_hidden()
    page.get_by_label("多久一次").select_option("week")
    expect(page.get_by_label("周几")).to_be_visible()
    page.get_by_label("任务内容").fill("报送巡查情况")
    page.get_by_label("周几").select_option("5")
    page.get_by_label("完成日期或截止日期").fill("2027-04-30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("每周五")).to_be_visible()
    expect(page.get_by_role("link", name="3月12日（周五）", exact=True)).to_be_visible()


def test_every_page_fits_its_width_and_is_accessible(page: Page, live_server: LiveServer, world: World) -> None:
    home = sign_in(page, live_server, world.boss)
    one = world.first("夜间巡逻")
    pages = (
        "/desk/?whose=all", "/desk/week/?whose=all", "/handing-out/", "/leave/", "/duties/new/",
        f"/occurrences/{one.pk}/", f"/duties/{one.duty_id}/",
    )  # fmt: skip
    wrong = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for address in pages:
            page.goto(home + address)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{width} {address} is wider than its window")
            found = Axe().run(page).response["violations"]
            wrong += [
                f"{width} {address} {one['id']} {one['nodes'][0]['html'][:80]}"
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
    assert wrong == []
