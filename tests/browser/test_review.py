"""The review in a real browser: text and items lead to each other, and two people edit one plan at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.places.models import User
from nianlun.plans import actions, jobs
from nianlun.plans.models import ItemText, PlanVersion, VersionStatus
from tests.places import make
from tests.plans import making
from tests.plans.making import TEXT, row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/login/")
    page.get_by_label("登录名").fill(user.username)
    page.get_by_label("密码").fill(make.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def review_address(server: LiveServer, version: PlanVersion) -> str:
    return f"{server.url}/c/{version.plan.community.code}/plans/{version.plan_id}/v/{version.number}/"


@pytest.fixture
def secretary(transactional_db: None) -> User:
    return make.secretary(at=make.community())


@pytest.fixture
def version(secretary: User) -> PlanVersion:
    return making.in_review(make.community(), secretary)


@pytest.fixture
def reviewing(page: Page, live_server: LiveServer, secretary: User, version: PlanVersion) -> Page:
    """The review of the plan, open at 1366 px."""
    sign_in(page, live_server, secretary)
    page.goto(review_address(live_server, version))
    return page


@pytest.fixture
def second(chromium: Browser) -> Iterator[Page]:
    """Another person's browser."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def test_from_paste_to_adoption(page: Page, live_server: LiveServer, secretary: User) -> None:
    sign_in(page, live_server, secretary)
    page.goto(f"{live_server.url}/c/wutong/plans/")
    assert serious(page) == []
    page.get_by_role("link", name="上传或粘贴计划").click()
    page.get_by_label("粘贴全文").fill(TEXT)
    assert serious(page) == []
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("正在排队")).to_be_visible()
    assert serious(page) == []
    jobs.read_version(str(PlanVersion.objects.get().pk))
    expect(page.get_by_role("heading", name="审阅任务")).to_be_visible()
    expect(page.locator("#count-findings")).not_to_be_empty()
    assert serious(page) == []
    page.get_by_role("link", name="核对完毕，去通过").click()
    assert serious(page) == []
    page.get_by_role("button", name="通过，开始执行").click()
    expect(page.get_by_text("第 1 版已通过")).to_be_visible()
    assert serious(page) == []
    assert PlanVersion.objects.get().status == VersionStatus.ADOPTED


def test_text_and_items_lead_to_each_other(reviewing: Page, version: PlanVersion) -> None:
    item = row(version, "敬老联欢会")
    mark, shown = reviewing.locator(f"[data-of='{item.pk}']"), reviewing.locator(f"#i-{item.pk}")
    mark.click()
    expect(shown).to_have_class(re.compile("is-active"))
    expect(shown).to_be_in_viewport()
    other = row(version, "消防检查")
    reviewing.locator(f"#i-{other.pk} [data-to-text]").click()
    expect(reviewing.locator(f"[data-of='{other.pk}']")).to_have_class(re.compile("is-active"))
    expect(reviewing.locator(f"[data-of='{other.pk}']")).to_be_in_viewport()


def test_keys_step_filter_and_edit(reviewing: Page, version: PlanVersion) -> None:
    reviewing.keyboard.press("j")
    reviewing.keyboard.press("j")
    shown = reviewing.locator("[data-cards] > .is-active")
    expect(shown.locator(".nl-no")).to_have_text("2")
    reviewing.keyboard.press("/")
    reviewing.keyboard.type("敬老")
    expect(reviewing.locator("[data-cards] > [data-item]:visible")).to_have_count(1)
    reviewing.keyboard.press("Escape")
    expect(reviewing.locator("[data-cards] > [data-item]:visible")).to_have_count(version.items.count())
    reviewing.locator("[data-cards]").focus()
    reviewing.keyboard.press("j")
    reviewing.keyboard.press("Enter")
    expect(reviewing.locator("[data-open-form]")).to_be_visible()
    reviewing.keyboard.press("Escape")
    expect(reviewing.locator("[data-open-form]")).to_have_count(0)


def test_edit_says_the_schedule_back_saves_and_is_undone(reviewing: Page, version: PlanVersion) -> None:
    item = row(version, "敬老联欢会")
    reviewing.locator(f"#i-{item.pk} [data-edit]").click()
    form = reviewing.locator(f"form#i-{item.pk}")
    form.get_by_role("button", name="加一个时限").click()
    added = form.locator("[data-rows=schedule] [data-row]:visible").last
    added.get_by_label("单位").select_option("quarter")
    added.get_by_label("次数").fill("2")
    expect(added.locator("[data-said]")).to_contain_text("意思是：每季度两次")
    form.get_by_label("责任人").fill("老年协会")
    form.get_by_label("责任人").press("Enter")
    form.get_by_label("条线").select_option("culture")
    assert serious(reviewing) == []
    form.get_by_role("button", name="保存").click()
    expect(reviewing.locator(f"#i-{item.pk} .nl-line-badge")).to_have_text("文化文明")
    expect(reviewing.locator(f"[data-of='{item.pk}']").first).to_have_class(re.compile("nl-l-culture"))
    item.refresh_from_db()
    assert (item.line, item.owners, len(item.schedules)) == ("culture", ["老年协会"], 2)
    reviewing.get_by_role("button", name="撤销").click()
    expect(reviewing.locator(f"#i-{item.pk} .nl-line-badge")).to_have_text("养老服务")


def test_split_merge_add_and_drop(reviewing: Page, version: PlanVersion) -> None:
    count = version.items.count()
    first, second = row(version, "独居老人"), row(version, "敬老联欢会")
    reviewing.locator(f"#i-{first.pk} [data-merge-next]").click()
    reviewing.get_by_role("button", name="确定").click()
    expect(reviewing.locator("[data-cards] > [data-item]")).to_have_count(count - 1)
    merged = reviewing.locator("[data-cards] > [data-item]", has_text="独居老人")
    expect(merged).to_contain_text("敬老联欢会")
    merged.get_by_role("button", name="拆分").click()
    reviewing.locator("[data-cut]").last.click()
    reviewing.get_by_role("button", name="拆成两条").click()
    expect(reviewing.locator("[data-cards] > [data-item]")).to_have_count(count)
    tree = row(version, "补种树苗")
    dropped = reviewing.locator(f"#i-{tree.pk}")
    dropped.get_by_role("button", name="不列入").click()
    reviewing.get_by_label("不列入的原因").fill("已完成")
    reviewing.keyboard.press("Enter")
    expect(dropped).to_have_class(re.compile("is-dropped"))
    dropped.get_by_role("button", name="恢复").click()
    expect(dropped).not_to_have_class(re.compile("is-dropped"))
    ItemText.objects.filter(pk=tree.pk).delete()
    reviewing.reload()
    reviewing.evaluate(
        """words => {
          const pieces = [...document.querySelectorAll('[data-text] [data-at]')];
          const piece = pieces.find(one => one.textContent.includes(words));
          piece.scrollIntoView({block: 'center'});
          const at = piece.textContent.indexOf(words);
          getSelection().setBaseAndExtent(piece.firstChild, at, piece.firstChild, at + words.length);
        }""",
        tree.text,
    )
    reviewing.get_by_role("button", name="添加为任务").click()
    added = reviewing.locator("[data-cards] > [data-item]", has_text="补种树苗")
    expect(added).to_contain_text("人工添加")
    assert row(version, "补种树苗").start == tree.start
    assert second.version_id == version.pk


def test_what_another_changed_comes_in_by_itself(
    reviewing: Page, second: Page, live_server: LiveServer, version: PlanVersion
) -> None:
    sign_in(second, live_server, make.secretary("colleague", at=make.community()))
    second.goto(review_address(live_server, version))
    theirs, mine = row(version, "敬老联欢会"), row(version, "消防检查")
    second.locator(f"#i-{theirs.pk}").get_by_role("button", name="不列入").click()
    second.get_by_label("不列入的原因").fill("重复")
    second.keyboard.press("Enter")
    expect(second.locator(f"#i-{theirs.pk}")).to_have_class(re.compile("is-dropped"))
    reviewing.locator(f"#i-{mine.pk}").get_by_role("button", name="不列入").click()
    reviewing.get_by_label("不列入的原因").fill("口号")
    reviewing.keyboard.press("Enter")
    expect(reviewing.locator(f"#i-{mine.pk}")).to_have_class(re.compile("is-dropped"))
    reviewing.evaluate("dispatchEvent(new Event('focus'))")  # as when one comes back to the window
    expect(reviewing.locator(f"#i-{theirs.pk}")).to_have_class(re.compile("is-dropped"))


def test_the_checkup_underlines_the_words_and_leads_to_them(
    page: Page, live_server: LiveServer, secretary: User
) -> None:
    filler = "".join(f"{n}. 每月开展第{n}类走访一次，由网格员负责。\n" for n in range(3, 60))
    long = making.in_review(make.community(), secretary, f"{TEXT}{filler}60. 按照《婚姻法》每月开展一次讲座。\n")
    sign_in(page, live_server, secretary)
    page.goto(review_address(live_server, long))
    page.get_by_role("tab", name="体检").click()
    mark = page.locator(f"[data-of='{row(long, '婚姻法').pk}']").first
    expect(mark).not_to_be_in_viewport()
    page.locator("[data-findings-words]", has_text="N150").locator("[data-goto]").first.click()
    expect(mark).to_be_in_viewport()
    assert page.evaluate("[...CSS.highlights.get('nl-finding')].map(String)") == ["婚姻法"]


def test_two_browsers_edit_one_item_and_both_are_shown(
    reviewing: Page, second: Page, live_server: LiveServer, version: PlanVersion
) -> None:
    colleague = make.secretary("colleague", at=make.community())
    item = row(version, "敬老联欢会")
    sign_in(second, live_server, colleague)
    second.goto(review_address(live_server, version))
    reviewing.reload()
    expect(reviewing.locator("#others")).to_contain_text("colleague也在审阅")
    for page, owner in ((reviewing, "网格员"), (second, "老年协会")):
        page.locator(f"#i-{item.pk} [data-edit]").click()
        page.get_by_label("责任人").fill(owner)
        page.get_by_label("责任人").press("Enter")
    second.get_by_role("button", name="保存").click()
    expect(second.locator(f"#i-{item.pk}")).to_contain_text("老年协会")
    reviewing.get_by_role("button", name="保存").click()
    clash = reviewing.locator(".nl-conflict")
    expect(clash).to_contain_text("责任人：老年协会")
    expect(clash).to_contain_text("责任人：网格员")
    assert serious(reviewing) == []
    clash.get_by_role("button", name="保留我的").click()
    expect(reviewing.locator(f"article#i-{item.pk}")).to_contain_text("网格员")
    item.refresh_from_db()
    assert item.owners == ["网格员"]


def test_a_narrow_screen_has_the_text_and_the_items_in_turn(
    second: Page, live_server: LiveServer, secretary: User, version: PlanVersion
) -> None:
    sign_in(second, live_server, secretary)
    second.goto(review_address(live_server, version))
    expect(second.locator("#pane-items")).to_be_visible()
    expect(second.locator("#pane-text")).to_be_hidden()
    second.locator("[data-to-text]").first.click()
    expect(second.locator("#pane-text")).to_be_visible()
    expect(second.locator("#pane-items")).to_be_hidden()
    second.get_by_role("tab", name="体检").click()
    expect(second.locator("#pane-checkup")).to_be_visible()
    assert second.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(second) == []


def test_difference_and_pairing_pages_are_fit_for_all(
    page: Page, live_server: LiveServer, secretary: User, version: PlanVersion
) -> None:
    actions.adopt(acting_user=secretary, version=version, edits=0)
    later = making.next_version(version.plan, secretary, TEXT.replace("补种树苗80株", "放映露天电影三场"))
    sign_in(page, live_server, secretary)
    for name in ("difference/", "pairs/"):
        page.goto(review_address(live_server, later) + name)
        assert serious(page) == []
    page.goto(f"{live_server.url}/c/wutong/plans/{version.plan_id}/")
    assert serious(page) == []
