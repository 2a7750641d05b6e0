"""The ground's own pages: who may, what they say, and how often they ask the database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from nianlun.kernel.clock import today
from nianlun.places.actions.ground import Act
from nianlun.places.actions.ground_buildings import make_rooms
from nianlun.places.models import Building, Community, Grid, GridBounds, PostKind, Resident, Room, User
from nianlun.places.rules.floors import Pattern
from tests.places import make as people
from tests.places.ground import make
from tests.places.ground.test_geojson import collection, feature, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return people.community()


@pytest.fixture
def secretary(here: Community, client: Client) -> User:
    made = people.secretary(at=here)
    client.force_login(made)
    return made


@pytest.fixture
def house(here: Community, secretary: User) -> Building:
    made = make.building("3号楼", at=here, grid=make.grid(at=here))
    make_rooms(made, Pattern(2, 3, 2), act=Act(secretary, here))
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(house: Building) -> dict[str, list[str]]:
    """Addresses by what they ask of their visitor."""
    grid, room = house.grid_id, house.rooms.all()[0].pk
    return {
        "see": [
            "places/", f"where/?grid={grid}", "map/", "grids.geojson", "grids/", f"grids/{grid}/", "estates/",
            f"estates/{house.estate_id}/", "buildings/", f"buildings/{house.pk}/", "rooms/", f"rooms/{room}/",
        ],
        "edit": ["move/", "map/import/", f"buildings/{house.pk}/make-rooms/", "buildings/new/"],
        "post": [
            f"grids/{grid}/close/", f"grids/{grid}/reopen/", f"buildings/{house.pk}/retire/", f"rooms/{room}/retire/",
            f"buildings/{house.pk}/bring-back/", f"rooms/{room}/bring-back/", f"buildings/{house.pk}/units/",
            f"buildings/{house.pk}/units/{house.units.all()[0].pk}/",
        ],
    }  # fmt: skip


def test_each_post_comes_as_far_as_it_may(here: Community, house: Building, client: Client) -> None:
    stranger = signed_in(people.secretary("stranger", at=people.community("far")))
    walker = signed_in(people.worker("walker", at=here, kind=PostKind.GRID_WORKER))
    system = signed_in(people.officer("system", of=here.subdistrict, kind=PostKind.SYSTEM_ADMIN))
    for need, addresses in pages(house).items():
        for address in (f"/c/wutong/{address}" for address in addresses):
            ask = "post" if need == "post" else "get"
            if need != "post":
                assert client.get(address).status_code == 200, address
            assert getattr(walker, ask)(address).status_code == (200 if need == "see" else 403), address
            assert getattr(stranger, ask)(address).status_code == 404, address
            assert getattr(system, ask)(address).status_code == 403, address
    assert (
        client.post("/c/wutong/map/", {"grid": ""}).status_code == 422
        and walker.post("/c/wutong/map/").status_code == 403
    )


def test_places_of_elsewhere_are_not_there(here: Community, house: Building, client: Client) -> None:
    far = people.community("far")
    other = make.building(at=far, grid=make.grid("远", at=far))
    for address in (f"grids/{other.grid_id}/close/", f"buildings/{other.pk}/retire/", f"buildings/{other.pk}/units/"):
        assert client.post(f"/c/wutong/{address}").status_code == 404
    assert client.get(f"/c/wutong/where/?grid={other.grid_id}").status_code == 404
    assert client.get("/c/wutong/where/?grid=words&day=2026-99-99").status_code == 404
    assert client.get(f"/c/wutong/buildings/{other.pk}/make-rooms/").status_code == 404
    unit = other.units.all()[0]
    assert client.post(f"/c/wutong/buildings/{house.pk}/units/{unit.pk}/", {"name": "x"}).status_code == 404
    answer = client.post("/c/wutong/move/", {"buildings": [other.pk], "grid": house.grid_id, "on": today()})
    assert answer.status_code == 422 and "不在本社区" in answer.content.decode()


def test_the_tree_counts_what_its_reader_may_know(here: Community, house: Building, client: Client) -> None:
    make.resident(behind=house.rooms.all()[0])
    assert "1 人" in client.get("/c/wutong/places/").content.decode()
    section = signed_in(people.officer("section", of=here.subdistrict)).get("/c/wutong/places/").content.decode()
    assert "&lt;5 人" in section and "1 人" not in section
    admin = people.officer("admin", of=here.subdistrict, kind=PostKind.ADMINISTRATOR)
    assert "人　" not in signed_in(admin).get("/c/wutong/places/").content.decode()


def test_pages_ask_as_often_for_many_as_for_few(
    here: Community, house: Building, secretary: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4, 24):
        more = make.building(f"{number}号楼", at=here, grid=house.grid)
        make_rooms(more, Pattern(2, 3, 2), act=Act(secretary, here))
        for door in more.rooms.all()[:3]:
            make.resident(behind=door)
    for door in house.rooms.all():
        make.resident(behind=door)
    for address, most in (
        ("places/", 16), (f"where/?grid={house.grid_id}", 16), (f"buildings/{house.pk}/", 20), ("map/", 16),
        ("grids/", 16), ("buildings/", 18), ("rooms/", 18), ("move/", 16), (f"rooms/{house.rooms.all()[0].pk}/", 20),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(f"/c/wutong/{address}").status_code == 200


def test_rooms_are_looked_at_and_then_made(here: Community, secretary: User, client: Client) -> None:
    house = make.building(at=here)
    address = f"/c/wutong/buildings/{house.pk}/make-rooms/"
    pattern = {"units": 2, "floors": 6, "first_floor": 2, "per_floor": 2, "style": "padded"}
    seen = client.post(address, pattern).content.decode()
    assert "将有 20 户" in seen and "0602" in seen and Room.objects.count() == 0
    assert client.post(address, {**pattern, "make": "1"})["Location"] == f"/c/wutong/buildings/{house.pk}/"
    assert Room.objects.count() == 20
    wrong = client.post(address, {**pattern, "first_floor": 7})
    assert wrong.status_code == 422 and "住户从第几层起" in wrong.content.decode()


def test_a_buildings_page_draws_its_rooms(here: Community, house: Building, client: Client) -> None:
    door = house.rooms.get(number="302", unit__position=1)
    make.resident(behind=door)
    Room.objects.filter(pk=door.pk).update(verified_on=today())
    page = client.get(f"/c/wutong/buildings/{house.pk}/").content.decode()
    assert page.index(">302<") < page.index(">202<") < page.index(">102<"), "the top floor first"
    assert "nl-flat-quarter" in page and "1人" in page and "本季度核实 1 户" in page and "从未核实 11 户" in page
    section = signed_in(people.officer("section", of=here.subdistrict))
    assert "1人" not in section.get(f"/c/wutong/buildings/{house.pk}/").content.decode()


def test_buildings_are_moved_from_a_form(here: Community, house: Building, client: Client) -> None:
    two = make.grid("第二网格", at=here)
    moved = {"buildings": [house.pk], "grid": two.pk, "on": today()}
    answer = client.post("/c/wutong/move/", {**moved, "on": today() + timedelta(days=5)})
    assert answer.status_code == 302
    asks = client.post("/c/wutong/move/", moved)
    assert asks.status_code == 422 and "会被取代" in asks.content.decode()
    assert client.post("/c/wutong/move/", {**moved, "replace": "1"}).status_code == 302
    house.refresh_from_db()
    assert house.grid == two
    nothing = client.post("/c/wutong/move/", {"grid": two.pk, "on": today()})
    assert nothing.status_code == 422 and "请先勾选" in nothing.content.decode()
    assert client.get("/c/wutong/move/?building=x&grid=words").status_code == 404


def test_who_was_where_last_month(here: Community, house: Building, client: Client) -> None:
    somebody = make.resident("陈默", behind=house.rooms.all()[0])
    first, two = house.grid, make.grid("第二网格", at=here)
    client.post("/c/wutong/move/", {"buildings": [house.pk], "grid": two.pk, "on": today()})
    before = today() - timedelta(days=30)
    assert first is not None
    then = client.get(f"/c/wutong/where/?grid={first.pk}&day={before}").content.decode()
    assert "陈默" in then and "有 1 栋楼、居民 1 人" in then
    assert "陈默" not in client.get(f"/c/wutong/where/?grid={first.pk}").content.decode()
    assert "陈默" in client.get(f"/c/wutong/where/?grid={two.pk}").content.decode()
    section = signed_in(people.officer("section", of=here.subdistrict))
    counted = section.get(f"/c/wutong/where/?grid={first.pk}&day={before}").content.decode()
    assert somebody.name not in counted and "居民 &lt;5 人" in counted


def test_closing_a_grid_lists_what_is_open_in_it(here: Community, house: Building, client: Client) -> None:
    make.resident(behind=house.rooms.all()[0])
    address = f"/c/wutong/grids/{house.grid_id}"
    refused = client.post(f"{address}/close/")
    page = refused.content.decode()
    assert (
        refused.status_code == 422 and "现住居民 1 人" in page and f"/c/wutong/residents/?grid={house.grid_id}" in page
    )
    empty = make.grid("空网格", at=here)
    client.post(f"/c/wutong/grids/{empty.pk}/close/")
    assert Grid.objects.get(pk=empty.pk).closed_on == today()
    client.post(f"/c/wutong/grids/{empty.pk}/reopen/")
    assert Grid.objects.get(pk=empty.pk).closed_on is None


def test_a_room_is_retired_and_brought_back(here: Community, house: Building, client: Client) -> None:
    taken, empty = house.rooms.all()[:2]
    make.resident(behind=taken)
    refused = client.post(f"/c/wutong/rooms/{taken.pk}/retire/")
    assert refused.status_code == 422 and "住 1 人" in refused.content.decode()
    client.post(f"/c/wutong/rooms/{empty.pk}/retire/")
    assert "已停用" in client.get(f"/c/wutong/buildings/{house.pk}/").content.decode()
    client.post(f"/c/wutong/rooms/{empty.pk}/bring-back/")
    assert Room.objects.filter(retired_on=None).count() == 12
    Resident.objects.update(state="moved_out")
    client.post(f"/c/wutong/buildings/{house.pk}/retire/")
    assert Building.objects.get().retired_on == today()


class TestBounds:
    def test_are_saved_from_a_day_on(self, here: Community, house: Building, client: Client) -> None:
        other = make.grid("第二网格", at=here)
        Building.objects.update(longitude=120.005, latitude=30.005)
        sent = {"grid": other.pk, "shape": json.dumps(square()), "starts_on": today()}
        answer = client.post("/c/wutong/map/", sent, follow=True)
        page = answer.content.decode()
        assert "已保存第二网格" in page and "有 1 栋楼还不属于它：清风苑3号楼" in page
        assert GridBounds.objects.get().shape == square()
        over = client.post("/c/wutong/map/", {**sent, "grid": house.grid_id}, follow=True).content.decode()
        assert "重叠约" in over

    @pytest.mark.parametrize(
        ("shape", "said"), [("", "还没有范围"), ("{", "读不出来"), ("{}", "多边形"), ("[" * 9000, "读不出来")]
    )
    def test_wrong_ones_come_back_with_the_reason(self, house: Building, client: Client, shape: str, said: str) -> None:
        answer = client.post("/c/wutong/map/", {"grid": house.grid_id, "shape": shape, "starts_on": today()})
        assert answer.status_code == 422 and said in answer.content.decode()
        early = {"grid": house.grid_id, "shape": json.dumps(square()), "starts_on": "1990-01-01"}
        assert "启用日期" in client.post("/c/wutong/map/", early).content.decode()

    def test_a_file_goes_in_and_comes_out(self, here: Community, house: Building, client: Client) -> None:
        text = collection(feature(square(), name="第一网格"), feature(square(121), name="第九网格"))
        file = SimpleUploadedFile("grids.geojson", text.encode(), content_type="application/geo+json")
        day = today() - timedelta(days=10)
        seen = client.post("/c/wutong/map/import/", {"file": file, "starts_on": day}).content.decode()
        assert "认出 1 个网格；另有 1 个有问题" in seen and GridBounds.objects.count() == 0
        client.post("/c/wutong/map/import/", {"text": text, "starts_on": day, "save": "1"})
        out = client.get("/c/wutong/grids.geojson")
        (only,) = json.loads(out.content)["features"]
        assert only["geometry"] == square() and only["properties"]["since"] == day.isoformat()
        assert json.loads(client.get("/c/wutong/grids.geojson?day=2026-01-01").content)["features"] == []

    @pytest.mark.parametrize(
        ("sent", "said"),
        [({}, "请选择文件"), ({"text": "words"}, "读不出来"), ({"text": "{}", "starts_on": "soon"}, "日期")],
    )
    def test_a_wrong_file_comes_back_with_the_reason(
        self, house: Building, client: Client, sent: dict[str, str], said: str
    ) -> None:
        answer = client.post("/c/wutong/map/import/", {"starts_on": today(), **sent})
        assert answer.status_code == 422 and said in answer.content.decode()

    def test_tiles_are_asked_for_only_where_they_are_set(
        self, house: Building, client: Client, settings: Settings
    ) -> None:
        assert "tiles.example" not in client.get("/c/wutong/map/")["Content-Security-Policy"]
        settings.NIANLUN_TILES = "https://{s}.tiles.example/{z}/{x}/{y}.png | Kept by us"
        answer = client.get("/c/wutong/map/")
        assert "img-src 'self' data: https://*.tiles.example" in answer["Content-Security-Policy"]
        assert "Kept by us" in answer.content.decode()
        assert "tiles.example" not in client.get("/c/wutong/places/")["Content-Security-Policy"]
