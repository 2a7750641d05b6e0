"""A grid worker's round on a phone; and pages of rounds, organisations and bodies, which fit and are accessible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.places.actions.members import Who, add_member
from nianlun.places.models import (
    Body,
    Community,
    Confirmation,
    Member,
    Organisation,
    Resident,
    Room,
    Round,
    RoundRoom,
    User,
)
from nianlun.places.registers.organisations import OrganisationRegister
from tests.places.people import make as people
from tests.places.people.make import written
from tests.places.rounds import make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
WIDTHS = ((1366, 900), (390, 844))


@pytest.fixture
def home(transactional_db: None) -> Community:
    home = make.home()
    people.grid_worker(home, 1)
    people.residents(
        home, written("王芳", phone="13800138000", relation="户主"), written("李强", "102", relation="户主"),
        written("李小明", "102", relation="长子"),
    )  # fmt: skip
    make.begin(home)
    return home


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_a_grid_worker_does_three_doors_on_a_phone(home: Community, page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, live_server, User.objects.get(username="walker"))
    page.goto(f"{live_server.url}/c/wutong/desk/")
    page.get_by_role("link", name="春季核实").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("0/6 户")
    page.get_by_role("link", name="101", exact=True).click()
    expect(page.get_by_text("138****8000")).to_be_visible()
    page.get_by_label("无变化", exact=True).check()
    page.get_by_role("button", name="保存，下一户").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("102")
    page.get_by_label("敲门无人", exact=True).check()
    page.get_by_label("说明").fill("周末再来")
    page.get_by_role("button", name="保存，下一户").click()
    page.get_by_label("无人居住", exact=True).check()
    page.get_by_role("button", name="保存，下一户").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("202")
    page.get_by_role("button", name="撤销1单元201的登记").click()
    expect(page.get_by_text("已撤销")).to_be_visible()
    page.get_by_label("无人居住", exact=True).check()
    page.get_by_role("button", name="保存，下一户").click()
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2/6 户")
    expect(page.get_by_role("link", name="102 敲门无人")).to_be_visible()
    assert list(Confirmation.objects.order_by("recorded_at").values_list("outcome", flat=True)) == ["same", "empty"]
    assert Room.objects.filter(verified_on=today()).count() == 2


def test_an_election_with_somebody_found_by_initials(home: Community, page: Page, live_server: LiveServer) -> None:
    boss = people.viewer(home).user
    sign_in(page, live_server, boss)
    team = Body.objects.create(community=home, name="巡逻队")
    walker = User.objects.get(username="walker")
    add_member(acting_user=boss, body=team, who=Who(user_id=walker.pk), post="队员", on=today() - timedelta(days=30))
    page.goto(f"{live_server.url}/c/wutong/bodies/{team.pk}/term/")
    page.get_by_label("再选别的人").press_sequentially("wf")
    page.locator("#found").get_by_label("王芳 清风苑").check()
    expect(page.locator("#chosen li")).to_have_count(2)
    page.get_by_label("王芳的职务").fill("队长")
    page.get_by_label("到哪天届满").fill((today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="登记换届").click()
    expect(page.get_by_text("请准备换届")).to_be_visible()
    assert {(f"{member}", member.post) for member in Member.objects.current()} == {("walker", "队员"), ("王芳", "队长")}


def test_pages_fit_and_are_accessible(home: Community, page: Page, live_server: LiveServer) -> None:
    viewer = people.viewer(home)
    sign_in(page, live_server, viewer.user)
    register = OrganisationRegister()
    rows = [{"name": "好邻居便利店", "kind": "商铺", "phone": "13800138000", "building": "1号楼", "room": "101"}]
    register.save(register.check(rows, viewer), viewer, source="form")
    committee = Body.objects.create(community=home, name="居民委员会", kind="committee", term_ends_on=today())
    team = Body.objects.create(community=home, name="治安巡逻队", parent=committee)
    for name in ("王芳", "李强"):
        who = Who(resident_id=Resident.objects.get(name=name).pk)
        member = add_member(acting_user=viewer.user, body=team, who=who, post="队员", on=today())
    round = Round.objects.get()
    RoundRoom.objects.update(worker=viewer.user)
    door = make.door(round)
    base = "/c/wutong"
    wrong = []
    for address in (
        f"{base}/organisations/", f"{base}/organisations/{Organisation.objects.get().pk}/",
        f"{base}/organisations/new/", f"{base}/bodies/", f"{base}/bodies/tree/", f"{base}/bodies/{team.pk}/",
        f"{base}/bodies/{committee.pk}/", f"{base}/bodies/{team.pk}/members/new/", f"{base}/bodies/new/",
        f"{base}/bodies/{team.pk}/members/{member.pk}/", f"{base}/bodies/{team.pk}/term/", f"{base}/rounds/",
        f"{base}/rounds/new/", f"{base}/rounds/{round.pk}/",
        f"{base}/rounds/{round.pk}/buildings/{door.room.building_id}/",
        f"{base}/doors/", f"{base}/doors/{door.pk}/", f"{base}/confirmed/", f"{base}/desk/",
    ):  # fmt: skip
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(live_server.url + address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{address} is {wide} px wide at {width}")
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(node["html"][:150] for node in violation["nodes"][:3])
                wrong.append(f"{address} at {width}: {violation['id']}: {nodes}")
    assert wrong == []
