"""A grid drawn in a real Chromium, by mouse and by hand; the pages of the ground at the width of a desk and a phone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from nianlun.kernel.clock import today
from nianlun.places.actions.ground import Act
from nianlun.places.actions.ground_buildings import make_rooms
from nianlun.places.actions.ground_grids import set_bounds
from nianlun.places.models import Building, Grid, GridBounds, Room, User
from nianlun.places.rules.floors import Pattern
from nianlun.places.rules.shapes import area, read_shape
from tests.places import make as people
from tests.places.ground import make
from tests.places.ground.test_geojson import square

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))


@pytest.fixture
def secretary(transactional_db: None) -> User:
    return people.secretary(at=people.community())


@pytest.fixture
def grids(secretary: User) -> tuple[Grid, Grid]:
    """One with bounds and one without."""
    here = people.community()
    first, second = make.grid("第一网格", at=here), make.grid("第二网格", at=here)
    set_bounds({first: square()}, starts_on=today() - timedelta(days=9), act=Act(secretary, here))
    return first, second


@pytest.fixture
def home(page: Page, live_server: LiveServer, secretary: User) -> str:
    client = Client()
    client.force_login(secretary)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": str(live_server.url)}]
    )
    return f"{live_server.url}/c/wutong"


def click_on_map(page: Page, *points: tuple[int, int]) -> None:
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for right, down in points:
        page.mouse.move(box["x"] + right - 3, box["y"] + down - 3)
        page.mouse.move(box["x"] + right, box["y"] + down)
        page.mouse.click(box["x"] + right, box["y"] + down)


def test_a_grid_is_drawn_and_saved(page: Page, home: str, grids: tuple[Grid, Grid]) -> None:
    _, second = grids
    page.goto(f"{home}/map/")
    expect(page.locator(".nl-map-name")).to_have_text(["第一网格"])
    page.get_by_role("button", name="画新的").click()
    expect(page.locator("#map-said")).to_have_text("请先选网格。")
    page.locator("#id_grid").select_option(label="第二网格")
    page.get_by_role("button", name="画新的").click()
    click_on_map(page, (60, 60), (200, 60), (200, 200), (60, 200), (60, 60))
    expect(page.locator("#map-said")).to_have_text("画好了，核对后请保存。")
    page.get_by_role("button", name="保存范围").click()
    expect(page.locator("#notices")).to_contain_text("已保存第二网格")
    expect(page.locator(".nl-map-name")).to_have_count(2)
    stored = GridBounds.objects.get(grid=second)
    assert stored.starts_on == today() and read_shape(stored.shape) == stored.shape and area(stored.shape) > 0


def test_bounds_are_bent_and_set_back(page: Page, home: str, grids: tuple[Grid, Grid]) -> None:
    page.goto(f"{home}/map/?grid={grids[0].pk}")
    shape = page.locator("#id_shape")
    before = json.loads(shape.input_value())
    page.get_by_role("button", name="改边界").click()
    corner = page.locator(".marker-icon:not(.marker-icon-middle)").first.bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 6, corner["y"] + 6)
    page.mouse.down()
    page.mouse.move(corner["x"] - 60, corner["y"] - 40, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="改边界").click()
    assert json.loads(shape.input_value()) != before
    page.get_by_role("button", name="还原").click()
    assert json.loads(shape.input_value()) == before


def test_a_piece_is_cut_out(page: Page, home: str, grids: tuple[Grid, Grid]) -> None:
    page.goto(f"{home}/map/?grid={grids[0].pk}")
    whole = area(json.loads(page.locator("#id_shape").input_value()))
    page.get_by_role("button", name="挖去一块").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    across, down = int(box["width"] / 2), int(box["height"] / 2)
    click_on_map(
        page, (across - 40, down + 20), (across + 40, down + 20), (across, down + 80), (across - 40, down + 20)
    )
    expect(page.locator("#map-said")).to_have_text("画好了，核对后请保存。")
    assert area(json.loads(page.locator("#id_shape").input_value())) < whole


def test_a_grid_is_chosen_and_its_bounds_pasted_by_keyboard_alone(
    page: Page, home: str, grids: tuple[Grid, Grid]
) -> None:
    page.goto(f"{home}/map/")
    page.get_by_role("button", name="在图上选第二网格").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_grid")).to_be_focused()
    expect(page.locator("#map-said")).to_contain_text("还没有范围")
    page.locator("#by-text summary").focus()
    page.keyboard.press("Enter")
    page.locator("#id_shape").focus()
    page.keyboard.insert_text(json.dumps(square(120.01)))
    page.keyboard.press("Tab")
    expect(page.locator(".nl-map-name")).to_have_count(2)
    page.get_by_role("button", name="保存范围").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("已保存第二网格")
    assert GridBounds.objects.get(grid=grids[1]).shape == square(120.01)


def test_pages_fit_and_are_accessible(page: Page, home: str, secretary: User, grids: tuple[Grid, Grid]) -> None:
    here = people.community()
    house = make.building(at=here, grid=grids[0])
    make_rooms(house, Pattern(3, 18, 6), act=Act(secretary, here))
    doors = list(house.rooms.all())
    for place, door in enumerate(doors[:8]):
        door.verified_on = (today(), today() - timedelta(days=120), today() - timedelta(days=500), None)[place % 4]
    Room.objects.bulk_update(doors[:8], ["verified_on"])
    make.resident(behind=doors[0])
    Building.objects.update(longitude=120.005, latitude=30.005)
    wrong: list[str] = []
    for address in (
        "places/", f"where/?grid={grids[0].pk}", "move/", f"buildings/{house.pk}/", f"rooms/{doors[0].pk}/",
        f"buildings/{house.pk}/make-rooms/", "map/", "map/import/", "grids/", f"grids/{grids[0].pk}/", "rooms/",
    ):  # fmt: skip
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{home}/{address}")
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append(f"{address} is {wide} px wide at {width}")
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                wrong.append(f"{address} at {width}: {violation['id']}: {nodes}")
    assert wrong == []
