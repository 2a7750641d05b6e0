"""The whole ring as a secretary and a worker walk it: upload, review, adopt, hand out, do, and see the progress."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.places.models import User
from nianlun.plans.jobs import read_version
from nianlun.plans.models import PlanVersion, VersionStatus
from tests.places import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
YEAR = today().year
TEXT = f"""柳岸社区{YEAR}年工作计划
一、安全工作
1、每月由网格员检查一次楼道消防通道。
2、年底前更换老旧灭火器60具。
二、养老服务
1、组织志愿者每周上门看望独居老人一次。
2、全年举办健康讲座4场。
三、居民自治
每季度召开一次居民议事会。
"""


def do_what_waits() -> None:
    """What the worker does with the uploaded plan, in this process."""
    for version in PlanVersion.objects.filter(status=VersionStatus.READING):
        read_version(str(version.pk))


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/login/")
    page.get_by_label("登录名").fill(user.username)
    page.get_by_label("密码").fill(make.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/c/wutong/desk/"))


def test_from_a_plans_prose_to_progress_and_back_to_the_sentence(page: Page, live_server: LiveServer) -> None:
    home = make.community("wutong")
    secretary, walker = make.secretary(at=home), make.worker("walker", at=home, title="网格员")
    sign_in(page, live_server, secretary)

    page.get_by_role("link", name="工作计划").first.click()
    page.get_by_role("link", name=re.compile("上传")).first.click()
    page.locator("textarea[name=text]").fill(TEXT)
    page.get_by_role("button", name="上传并读取").click()
    page.wait_for_url(re.compile(r"/v/1/"))
    do_what_waits()
    item = page.get_by_text("每月由网格员检查一次楼道消防通道").last
    expect(item).to_be_visible(timeout=15_000)

    page.get_by_role("link", name="通过").first.click()
    page.get_by_role("button", name="通过，开始执行").click()
    expect(page.get_by_text("已通过").first).to_be_visible()

    page.get_by_role("link", name="分工", exact=True).click()
    expect(page.get_by_text("按岗位名称自动对应")).to_be_visible()
    page.goto(f"{live_server.url}/c/wutong/handing-out/?who=none&year={YEAR}")
    page.get_by_label(re.compile("^选择：.*老旧灭火器")).check()
    page.get_by_label("分给", exact=True).select_option(label="walker")
    page.get_by_role("button", name="分出去").click()
    expect(page.get_by_text("已分出 1 项任务")).to_be_visible()

    page.get_by_role("button", name="退出").click()
    sign_in(page, live_server, walker)
    mine = page.get_by_role("button", name=re.compile("^今天完成：.*消防通道"))
    mine.first.click()
    expect(page.get_by_text("已完成 1 项")).to_be_visible()

    page.goto(f"{live_server.url}/c/wutong/progress/?year={YEAR}")
    page.get_by_role("row", name=re.compile("安全应急")).get_by_role("cell").nth(4).get_by_role("link").click()
    page.get_by_role("link", name=re.compile("楼道消防通道")).first.click()
    expect(page.locator("mark")).to_contain_text("检查一次楼道消防通道")
    page.get_by_role("link", name=re.compile("在计划（第1版）中查看")).click()
    expect(page.locator("main")).to_contain_text("柳岸社区")
