"""Ledgers beside items: in the review, on the plan's and the duty's page, and the way from a ledger to the plan."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.duties.models import Duty
from nianlun.kernel.clock import today
from nianlun.ledgers.models import ItemLedger
from nianlun.places.models import Community, User
from nianlun.plans.actions import adopt
from nianlun.plans.models import ItemText, PlanVersion
from tests.places import make
from tests.plans import making
from tests.plans.making import row

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LONG = "年工作计划\n\n一、安全\n" + "".join(f"{n}. 每月对第{n}栋开展一次消防检查。\n" for n in range(1, 61))


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary("boss", at=home)


@pytest.fixture
def version(home: Community, boss: User) -> PlanVersion:
    return making.in_review(home, boss)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def adopted(version: PlanVersion, boss: User) -> PlanVersion:
    return adopt(acting_user=boss, version=version, edits=version.edits)


def plan_at(version: PlanVersion) -> str:
    return f"/c/wutong/plans/{version.plan_id}/ledgers/"


def item_at(text: ItemText) -> str:
    return f"/c/wutong/plans/{text.version.plan_id}/v/{text.version.number}/items/{text.pk}/ledgers/"


def test_the_review_shows_what_is_suggested_and_why(version: PlanVersion, boss: User) -> None:
    page = client_of(boss).get(f"/c/wutong/plans/{version.plan_id}/v/1/").content.decode()
    assert "检查台账" in page and "建议：原文有“" in page and "去掉检查台账" in page


def test_who_may_not_review_sees_and_changes_nothing(version: PlanVersion, home: Community) -> None:
    client = client_of(make.worker("worker", at=home))
    page = client.get(f"/c/wutong/plans/{version.plan_id}/v/1/").content.decode()
    assert "检查台账" in page and "去掉检查台账" not in page and "加台账" not in page
    text = row(version, "消防检查")
    assert client.post(item_at(text), {"remove": "inspection"}).status_code == 403
    assert not ItemLedger.objects.exists()


def test_a_ledger_is_taken_away_put_back_and_added(version: PlanVersion, boss: User) -> None:
    client, text = client_of(boss), row(version, "消防检查")
    answer = client.post(item_at(text), {"remove": "inspection"}, headers=HTMX)
    page = answer.content.decode()
    assert 'aria-label="去掉检查台账"' not in page
    assert "已去掉检查台账" in page and "撤销" in page and answer["HX-Trigger"] == "nl:ledgers"
    change = page.partition('"row": "')[2].partition('"')[0]
    undo = f"/c/wutong/plans/{version.plan_id}/v/1/ledgers/undo/"
    answer = client.post(undo, {"row": change}, headers=HTMX)
    assert 'aria-label="去掉检查台账"' in answer.content.decode() and answer["HX-Retarget"] == f"#ledgers-{text.pk}"
    page = client.get(f"{item_at(text)}?pick=1").content.decode()
    assert '<optgroup label="安全应急">' in page and 'value="inspection"' not in page
    client.post(item_at(text), {"add": "hazard"}, headers=HTMX)
    assert ItemLedger.objects.get(ledger="hazard").suggested is False


@pytest.mark.parametrize("given", [{}, {"add": "no_such"}, {"remove": "x" * 300}, {"add": "\x00"}])
def test_a_form_that_says_nothing_known_is_refused(version: PlanVersion, boss: User, given: dict[str, str]) -> None:
    answer = client_of(boss).post(item_at(row(version, "消防检查")), given, headers=HTMX)
    assert answer.status_code == 422 and not ItemLedger.objects.exists()


def test_a_version_that_stands_no_more_is_not_changed(version: PlanVersion, boss: User) -> None:
    PlanVersion.objects.update(status="withdrawn")
    answer = client_of(boss).post(item_at(row(version, "消防检查")), {"add": "hazard"}, headers=HTMX)
    assert answer.status_code == 422 and "已撤回" in answer.content.decode()


def test_an_item_left_out_of_the_year_takes_no_ledger(version: PlanVersion, boss: User) -> None:
    text = row(version, "消防检查")
    ItemText.objects.filter(pk=text.pk).update(dropped_reason="重复")
    client = client_of(boss)
    assert client.post(item_at(text), {"add": "hazard"}, headers=HTMX).status_code == 422
    assert "加台账" not in client.get(item_at(text)).content.decode()


def test_the_page_of_the_plan_begins_with_items_without_a_ledger(version: PlanVersion, boss: User) -> None:
    client = client_of(boss)
    assert "计划还没有通过" in client.get(plan_at(version)).content.decode()
    adopted(version, boss)
    ItemLedger.objects.filter(item=row(version, "疏散演练").item).delete()
    page = client.get(plan_at(version)).content.decode()
    assert "疏散演练" in page and "消防检查" not in page and "采用勾选的建议" in page
    assert "消防检查" in client.get(f"{plan_at(version)}?show=all").content.decode()
    page = client.get(f"{plan_at(version)}?show=inspection").content.decode()
    assert "消防检查" in page and "疏散演练" not in page
    assert "没有符合条件" in client.get(f"{plan_at(version)}?show=no_such").content.decode()
    assert "消防检查" not in client.get(f"{plan_at(version)}?show=all&line=environment").content.decode()
    assert client.get(f"{plan_at(version)}?cursor=broken").status_code == 302


def test_suggestions_are_taken_in_bulk_and_taken_back(version: PlanVersion, boss: User) -> None:
    adopted(version, boss)
    ItemLedger.objects.all().delete()
    client, at = client_of(boss), plan_at(version)
    text = row(version, "疏散演练")
    page = client.post(f"{at}take/", {"item": str(text.item_id)}, follow=True).content.decode()
    assert "已为 1 条任务采用建议的台账" in page and ItemLedger.objects.get().item_id == text.item_id
    page = client.post(f"{at}take/", {"all": "1"}, follow=True).content.decode()
    assert ItemLedger.objects.count() > 3
    change = page.partition('name="row" value="')[2].partition('"')[0]
    undone = client.post(f"/c/wutong/plans/{version.plan_id}/v/1/ledgers/undo/", {"row": change}, follow=True)
    assert ItemLedger.objects.count() == 1 and "恢复原样" in undone.content.decode()
    assert client.post(f"{at}take/", {}).status_code == 422
    assert client.post(f"{at}take/", {"item": "x"}).status_code == 422


def test_the_pages_of_plan_and_duty_show_ledgers(version: PlanVersion, boss: User, home: Community) -> None:
    adopted(version, boss)
    client = client_of(boss)
    assert "还没有台账" in client.get(f"/c/wutong/plans/{version.plan_id}/").content.decode()
    duty = Duty.objects.get(item=row(version, "消防检查").item)
    page = client.get(f"/c/wutong/duties/{duty.pk}/").content.decode()
    assert "用哪本台账" in page and "检查台账" in page and "去掉检查台账" in page
    page = client_of(make.worker("worker", at=home)).get(f"/c/wutong/duties/{duty.pk}/").content.decode()
    assert "检查台账" in page and "去掉检查台账" not in page


def test_from_a_ledger_to_the_sentences_of_the_year(home: Community, boss: User) -> None:
    year = today().year
    version = adopted(making.in_review(home, boss, year=year), boss)
    making.adopted(home, boss, year=year + 1)
    client, text = client_of(boss), row(version, "消防检查")
    page = client.get("/c/wutong/inspection/plan/").content.decode()
    assert text.text in page and f"?year={year + 1}" in page and str(Duty.objects.get(item=text.item).pk) in page
    assert text.text not in client.get("/c/wutong/care_package/plan/").content.decode()
    assert "计划中的出处" in client.get("/c/wutong/inspection/about/").content.decode()
    assert client.get("/c/wutong/inspection/plan/?year=abc&cursor=x").status_code == 302


def test_long_plans_are_shown_by_pages(home: Community, boss: User) -> None:
    version = adopted(making.in_review(home, boss, text=LONG), boss)
    client, at = client_of(boss), f"{plan_at(version)}?show=inspection"
    first = client.get(at).content.decode()
    link = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(f"{plan_at(version)}{link}").content.decode()
    assert "第1栋" in first and "第1栋" not in second and "第60栋" in second and 'rel="prev"' in second


def test_no_page_asks_more_for_more_items(
    home: Community, boss: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    small, large = making.in_review(home, boss), making.in_review(home, boss, text=LONG, year=2028)
    assert large.items.count() > 50
    client = client_of(boss)
    for version in (small, large):
        client.get(f"/c/wutong/plans/{version.plan_id}/v/1/")
        with django_assert_max_num_queries(16):
            client.get(f"/c/wutong/plans/{version.plan_id}/v/1/")
        adopted(version, boss)
        ItemLedger.objects.filter(item__plan=version.plan, ledger="inspection").delete()
        for shown in ("none", "all"):
            with django_assert_max_num_queries(20):
                client.get(f"{plan_at(version)}?show={shown}")
        with django_assert_max_num_queries(18):
            client.get(f"/c/wutong/plans/{version.plan_id}/")
        with django_assert_max_num_queries(30):
            client.post(f"{plan_at(version)}take/", {"all": "1"})
