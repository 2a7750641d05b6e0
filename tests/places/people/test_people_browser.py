"""Pages of residents and households in a real browser: they fit a phone, axe finds nothing, and a merge can be done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.places.actions import people_moves, people_relationships, people_tags
from nianlun.places.models import Community, Household, Resident
from tests.places.people import make
from tests.places.people.make import written

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(page: Page, live_server: LiveServer) -> Community:
    """A community with a family, a tag with consent, a pair that looks alike; its secretary is signed in."""
    here = make.ground()
    client = Client()
    secretary = make.viewer(here).user
    client.force_login(secretary)
    page.context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    ])  # fmt: skip
    head, _, son = make.residents(
        here, written("张建国", relation="户主", since="2020-01-01", id_number=make.id_number(), phone="13800138000"),
        written("李秀英", relation="妻", since="2020-01-01"), written("张小明", relation="长子", since="2021-02-03"),
    )  # fmt: skip
    make.residents(
        here, written("王芳", "201", relation="户主", born_on="1980-05-17"),
        written("王芳", "202", relation="户主", born_on="1980-05-17", phone="13900139000"),
    )  # fmt: skip
    people_tags.tag(acting_user=secretary, resident=head, code="veteran")
    people_tags.tag(
        acting_user=secretary, resident=head, code="chronic", purpose="高血压签约随访", consent_on=today(),
        consent_how="书面", ends_on=today() + timedelta(days=20),
    )  # fmt: skip
    people_relationships.relate(acting_user=secretary, resident=head, other=son, kind="emergency")
    people_moves.move_in(acting_user=secretary, resident=head, home=make.home(here, "102"), relation="户主", on=today())
    return here


def test_pages_fit_and_are_accessible(here: Community, page: Page, live_server: LiveServer) -> None:
    head = Resident.objects.get(name="张建国")
    one, other = Resident.objects.filter(name="王芳").order_by("pk")
    household = Household.objects.get(room__number="101")
    base = f"/c/{here.code}"
    wrong = []
    for name, address in {
        "list": f"{base}/residents/", "resident": f"{base}/residents/{head.pk}/", "new": f"{base}/residents/new/",
        "move": f"{base}/residents/{head.pk}/move/", "tag": f"{base}/residents/{head.pk}/tags/new/",
        "relate": f"{base}/residents/{head.pk}/related/new/", "take-over": f"{base}/residents/take-over/",
        "history": f"{base}/residents/{head.pk}/history/",
        "household": f"{base}/households/{household.pk}/", "households": f"{base}/households/",
        "split": f"{base}/households/{household.pk}/split/", "join": f"{base}/households/{household.pk}/join/",
        "head": f"{base}/households/{household.pk}/head/", "duplicates": f"{base}/duplicates/",
        "compare": f"{base}/duplicates/{one.pk}/{other.pk}/", "counts": f"{base}/tags/",
    }.items():  # fmt: skip
        for width, height in ((1366, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(live_server.url + address)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{name} is too wide at {width}")
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                wrong.append(f"{name} at {width}: {violation['id']}: {nodes}")
    assert wrong == []


def test_a_pair_is_merged_and_parted(here: Community, page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/c/{here.code}/duplicates/")
    page.get_by_role("link", name="核对王芳的两条登记").click()
    page.get_by_role("row", name="现住").get_by_label("清风苑1号楼1单元202").check()
    page.get_by_role("button", name="是同一人，合并").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已合并")).to_be_visible()
    expect(page.get_by_text("清风苑1号楼1单元202").first).to_be_visible()
    assert Resident.objects.filter(state="merged").count() == 1
    page.get_by_role("button", name="撤销合并").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已撤销合并")).to_be_visible()
    assert not Resident.objects.filter(state="merged").exists()
