"""An import and an export in a real browser, on a desk and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from nianlun.places.models import Estate
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import ImportRun
from nianlun.ui.sheets.running import apply_run, check_run
from tests.places import make
from tests.ui.sheets.making import HEAD, applied, checked, stall, stall_rows, undone, uploaded, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))
ROWS = [
    HEAD,
    ["A1", "甲", "商品房小区", "13800009999", "改了备注"],
    ["A3", "重名丙", "别墅", "12", ""],
    ["A4", "丁", "", "13800000003", ""],
    ["A5", "", "", "", ""],
]


@pytest.fixture
def viewer(transactional_db: None) -> CommunityViewer:
    home = make.community()
    boss = make.secretary(at=home)
    return CommunityViewer(boss, home, Policy(boss))


@pytest.fixture
def base(page: Page, live_server: LiveServer, viewer: CommunityViewer) -> str:
    """The address of the register, for a browser that is signed in."""
    client = Client()
    client.force_login(viewer.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return f"{live_server.url}/c/wutong/stalls/"


def test_every_page_fits_and_is_accessible(page: Page, base: str, viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲")
    waiting = checked(viewer, xlsx(stall_rows(30)))
    actions.start(viewer=viewer, run=waiting, only_good=True)
    odd = xlsx([HEAD, ["B1", "一"], ["B2", "意外"], ["B3", "钉子"], ["", "缺"]])
    done = applied(viewer, checked(viewer, odd))
    back = undone(viewer, applied(viewer, checked(viewer, xlsx([HEAD, ["C1", "一"], ["C3", "钉子"]]))))
    preview = checked(viewer, xlsx(ROWS))
    columns = uploaded(viewer, xlsx(ROWS, [["别的"], ["x"]], names=["名册", "说明"]))
    pages = [f"import/{run.pk}/" for run in (columns, waiting, preview, done, back)]
    wrong: list[str] = []
    for address in ("import/", "export/", f"import/{preview.pk}/?kind=all", *pages):
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(base + address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{address} is {wide} px wide at {width}")
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                wrong.append(f"{address} at {width}: {violation['id']}: {nodes}")
    assert wrong == []


def test_a_sheet_is_put_in_mended_and_imported(page: Page, base: str, viewer: CommunityViewer) -> None:
    page.goto(base + "import/")
    page.set_input_files("#file", {"name": "花名册.docx", "mimeType": "application/zip", "buffer": b"PK"})
    assert "另存为 .xlsx" in page.locator("[data-too-big]").inner_text()
    assert page.get_by_role("button", name="上传并识别").is_disabled()
    page.set_input_files("#file", {"name": "花名册.xlsx", "mimeType": "application/zip", "buffer": xlsx(ROWS)})
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="下一步：检查内容").click()
    page.get_by_role("heading", name="正在检查").wait_for()
    run = ImportRun.objects.get()
    check_run(str(run.pk))
    page.get_by_role("heading", name="第二步：核对再导入").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载有问题的行").click()
    assert taken.value.suggested_filename == "需要改正的行-花名册.xlsx"
    page.get_by_role("button", name="只导入没有问题的 2 行").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_role("heading", name="正在导入").wait_for()
    apply_run(str(run.pk))
    page.get_by_role("heading", name="已导入").wait_for()
    assert Estate.objects.count() == 2
    page.goto(base)
    page.get_by_role("link", name="导出").click()
    with page.expect_download() as exported:
        page.get_by_role("button", name="导出 .xlsx").click()
    assert exported.value.suggested_filename.endswith(".xlsx")
