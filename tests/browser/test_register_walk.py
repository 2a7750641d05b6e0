"""The register from end to end: a sheet put in, mended and imported, then what is done with whom it brought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Grid, Resident, ResidentState
from nianlun.ui.sheets.models import ImportRun
from nianlun.ui.sheets.running import apply_run, check_run
from tests.places import make
from tests.places.people import make as people
from tests.ui.sheets.making import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEAD = ["小区", "楼栋", "单元", "户室", "姓名", "性别", "出生日期", "身份证号", "手机", "与户主关系", "入住日期"]
PURPOSE = "上门走访前电话预约"


def rows(*, wrong: bool) -> list[list[str]]:
    """Three residents; the second's number is miswritten at first, the third is the one who is there already."""
    long_ago = (today() - timedelta(days=400)).isoformat()
    first, second = people.id_number(serial=101), people.id_number(serial=103)
    here = [HEAD]
    door = ["清风苑", "1号楼", "1单元"]
    here.append([*door, "102", "单雨清", "男", "", first, "13800138000", "户主", long_ago])
    here.append([*door, "102", "仇小满", "男", "", second[:-2] if wrong else second, "", "子", long_ago])
    here.append([*door, "201", "张三丰", "男", "1950-01-02", "", "13900139000", "户主", long_ago])
    return here


def put_in(page: Page, base: str, data: bytes) -> ImportRun:
    page.goto(f"{base}residents/import/")
    page.set_input_files("#file", {"name": "居民.xlsx", "mimeType": "application/zip", "buffer": data})
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="下一步：检查内容").click()
    page.get_by_role("heading", name="正在检查").wait_for()
    run = ImportRun.objects.latest("pk")
    check_run(str(run.pk))
    page.get_by_role("heading", name="第二步：核对再导入").wait_for()
    return run


def test_the_register_from_a_sheet_to_who_was_where(page: Page, live_server: LiveServer) -> None:
    home = people.ground()
    long_ago = today() - timedelta(days=500)
    Grid.objects.update(opened_on=long_ago)
    for grid in Grid.objects.all():
        for building in grid.buildings.all():
            building.grid_spells.create(grid=grid, starts_on=long_ago)
    boss = make.secretary(at=home)
    known = people.resident(home, "张三丰", "101", born_on="1950-01-02")
    client = Client()
    client.force_login(boss)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    base = f"{live_server.url}/c/{home.code}/"

    # a sheet with a wrong number is refused in part, mended, previewed, imported
    put_in(page, base, xlsx(rows(wrong=True)))
    expect(page.get_by_text("身份证号应为 18 位").first).to_be_visible()
    run = put_in(page, base, xlsx(rows(wrong=False)))
    page.get_by_role("button", name="全部导入").click()
    page.get_by_role("heading", name="正在导入").wait_for()
    apply_run(str(run.pk))
    page.get_by_role("heading", name="已导入").wait_for()
    assert Resident.objects.count() == 4

    # found by the first letters of a surname that is read unlike it looks
    page.goto(f"{base}desk/")
    box = page.locator('input[name="q"]').first
    box.fill("syq")
    box.press("Enter")
    page.get_by_role("link", name="单雨清").first.click()
    page.get_by_role("heading", name="单雨清").first.wait_for()

    # a number is shown for a purpose, which the log keeps
    page.get_by_role("button", name="查看手机").or_(page.get_by_role("button", name="查看电话")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(PURPOSE)
    dialog.get_by_role("button", name="查看").click()
    expect(page.get_by_text("13800138000")).to_be_visible()
    assert AuditRow.objects.get(action="secret.revealed").detail["purpose"] == PURPOSE

    # the one who came twice is joined
    page.goto(f"{base}duplicates/")
    page.get_by_role("link", name="核对张三丰的两条登记").click()
    page.get_by_role("button", name="是同一人，合并").click()
    if page.get_by_role("dialog").count():
        page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已合并").first).to_be_visible()
    assert Resident.objects.filter(state=ResidentState.MERGED).count() == 1

    # a grid where people live cannot be closed
    first, second = Grid.objects.filter(community=home).order_by("code")[:2]
    page.goto(f"{base}grids/{first.pk}/")
    page.get_by_role("button", name="关闭").first.click()
    page.get_by_role("button", name="确定").click()
    page.get_by_role("heading", name="还不能关闭").wait_for()

    # its building moves to the other grid today; last month it was still here
    page.get_by_role("link", name="把楼栋划到别的网格").click()
    page.locator('select[name="grid"]').select_option(str(second.pk))
    page.locator('input[name="on"]').fill(today().isoformat())
    page.locator('input[name="buildings"]').first.check()
    page.get_by_role("button", name="划转").click()
    page.wait_for_load_state()
    assert Resident.objects.get(name="单雨清").grid_id == second.pk
    for day, grid in ((today(), second), (today() - timedelta(days=30), first)):
        page.goto(f"{base}where/?grid={grid.pk}&day={day.isoformat()}")
        expect(page.get_by_role("link", name="单雨清")).to_be_visible()
    page.goto(f"{base}where/?grid={first.pk}&day={today().isoformat()}")
    expect(page.get_by_role("link", name="单雨清")).to_have_count(0)
    assert known.name == "张三丰"
