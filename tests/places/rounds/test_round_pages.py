"""Pages of rounds: who is let in, how often the database is asked, what a form sent twice does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Community, Confirmation, Grid, PostKind, Round, RoundRoom, User
from tests.places import make as places
from tests.places.people import make as people
from tests.places.rounds import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Iterator[Community]:
    yield make.home()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def boss(home: Community) -> Client:
    return client_of(people.viewer(home).user)


def test_a_round_from_beginning_to_end(home: Community, boss: Client) -> None:
    walker = people.grid_worker(home, 1)
    assert "还没有开始过核实" in boss.get("/c/wutong/rounds/").content.decode()
    form = {"name": "春季核实", "starts_on": today(), "ends_on": today() + timedelta(days=20), "client_key": uuid4()}
    assert "整个网格" in boss.get("/c/wutong/rounds/new/").content.decode()
    empty = boss.post("/c/wutong/rounds/new/", form)
    assert empty.status_code == 422 and "请勾选" in empty.content.decode()
    assert boss.post("/c/wutong/rounds/new/", {**form, "ends_on": today() - timedelta(days=1)}).status_code == 422
    form |= {"grids": [Grid.objects.get(name="第1网格").pk], "buildings": [Building.objects.get(name="2号楼").pk]}
    answers = [boss.post("/c/wutong/rounds/new/", form) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302} and Round.objects.count() == 1
    round = Round.objects.get()
    at = f"/c/wutong/rounds/{round.pk}/"
    page = boss.get(at).content.decode()
    assert "0/12 户" in page and "6 户还没分" in page and walker.name in page
    two = make.door(round, building=2).room.building_id
    house = boss.get(f"{at}buildings/{two}/").content.decode()
    assert house.count("还没分") == 6
    assert boss.post(f"{at}hand-over/", {"to": walker.pk, "buildings": [two]}).status_code == 422  # not their grid
    worker = places.worker("worker", at=home)
    door = make.door(round, building=2)
    given = {"to": worker.pk, "doors": [door.pk], "building": two}
    assert boss.post(f"{at}hand-over/", given)["Location"] == f"{at}buildings/{two}/"
    assert boss.post(f"{at}hand-over/", {"to": worker.pk, "buildings": [two]})["Location"] == at
    assert boss.post(f"{at}hand-over/", {"to": "", "buildings": [two]}).status_code == 422
    assert boss.post(f"{at}hand-over/", {"to": worker.pk, "doors": ["x"]}).status_code == 422
    assert boss.post(f"{at}close/").status_code == 302
    assert "重新开始" in boss.get(at).content.decode()
    assert boss.post(f"{at}reopen/").status_code == 302
    assert "春季核实" in boss.get("/c/wutong/rounds/").content.decode()


def test_a_door_is_shown_masked_done_once_and_taken_back(home: Community) -> None:
    walker = people.grid_worker(home, 1)
    number = people.id_number()
    people.resident(home, "王芳", phone="13800138000", id_number=number)
    round = make.begin(home, 1).round
    client, door = client_of(walker), make.door(round)
    assert "还有 6 户" in client.get("/c/wutong/desk/").content.decode()
    listed = client.get("/c/wutong/doors/").content.decode()
    assert "0/6 户" in listed and f"/doors/{door.pk}/" in listed
    at = f"/c/wutong/doors/{door.pk}/"
    page = client.get(at).content.decode()
    assert "王芳" in page and "138****8000" in page and "13800138000" not in page and number not in page
    form = {"outcome": "same", "note": "", "revision": 1, "client_key": uuid4()}
    assert client.post(at, {**form, "outcome": ""}).status_code == 422
    assert client.post(at, {**form, "note": "找13800138000"}).status_code == 422
    assert client.post(at, {**form, "outcome": "empty"}).status_code == 422
    following = f"/c/wutong/doors/{make.door(round, '102').pk}/"
    for _ in range(2):
        assert client.post(at, form)["Location"] == following
    assert Confirmation.objects.count() == 1
    late = client.post(at, {**form, "outcome": "absent", "client_key": uuid4()})
    assert late.status_code == 409 and "无变化" in late.content.decode() and "敲门无人" in late.content.decode()
    assert f"{at}take-back/" in client.get(following).content.decode()
    assert "撤销我的登记" in client.get(at).content.decode()
    assert client.post(f"{at}take-back/")["Location"] == at
    assert not Confirmation.objects.exists() and "take-back" not in client.get(following).content.decode()


def test_when_the_last_door_is_done_the_list_says_so(home: Community) -> None:
    walker = people.grid_worker(home, 1)
    round = make.begin(home, 1).round
    RoundRoom.objects.exclude(pk=make.door(round).pk).update(done_on=today(), outcome="same", done_by=walker)
    client = client_of(walker)
    form = {"outcome": "same", "revision": 1, "client_key": uuid4()}
    answer = client.post(f"/c/wutong/doors/{make.door(round).pk}/", form, follow=True)
    assert "核实完了" in answer.content.decode()
    assert "上门核实</h2>" not in client.get("/c/wutong/desk/").content.decode()


def test_who_is_let_in(home: Community, boss: Client) -> None:
    one, two = make.walkers(home)
    round = make.begin(home).round
    at, door = f"/c/wutong/rounds/{round.pk}/", f"/c/wutong/doors/{make.door(round).pk}/"
    building = make.door(round).room.building_id
    far = client_of(places.secretary("far", at=places.community("far", of=places.subdistrict("other"))))
    section = client_of(places.officer("section", of=home.subdistrict))
    admin = client_of(places.officer("admin", of=home.subdistrict, kind=PostKind.ADMINISTRATOR))
    pages = ("/c/wutong/rounds/", "/c/wutong/rounds/new/", at, f"{at}buildings/{building}/")
    acts = (f"{at}hand-over/", f"{at}close/", f"{at}reopen/")
    for page in pages:
        assert boss.get(page).status_code == 200, page
        for client in (client_of(one), section, admin):
            assert client.get(page).status_code == 403, page
    for act in acts:
        for client in (client_of(one), section, admin):
            assert client.post(act).status_code == 403, act
    for address in (*pages, "/c/wutong/doors/", door, "/c/wutong/confirmed/"):
        assert far.get(address).status_code == 404, address
    for address in (*acts, door, f"{door}take-back/"):
        assert far.post(address).status_code == 404, address
    assert far.get(f"/c/far/rounds/{round.pk}/").status_code == 404
    assert far.get(f"/c/far/doors/{make.door(round).pk}/").status_code == 404
    for client, status in ((client_of(one), 200), (client_of(two), 404), (section, 403), (admin, 403), (boss, 200)):
        assert client.get(door).status_code == status
    for client, status in ((client_of(one), 200), (section, 403), (admin, 403)):
        assert client.get("/c/wutong/doors/").status_code == status
    for client in (client_of(one), section, admin, boss):
        assert client.get("/c/wutong/confirmed/?order=-never").status_code == 200
    assert boss.get(f"{at}buildings/{uuid4()}/").status_code == 404
    assert boss.get("/c/wutong/rounds/?cursor=nonsense").status_code == 302


def test_questions_do_not_grow_with_doors(
    home: Community, boss: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    walker = people.grid_worker(home, 1)
    for number in ("101", "102", "201"):
        people.resident(home, f"王{number}", number)
    round = make.begin(home).round
    client = client_of(walker)
    building = make.door(round).room.building_id
    pages = (
        (boss, f"/c/wutong/rounds/{round.pk}/", 22),
        (boss, f"/c/wutong/rounds/{round.pk}/buildings/{building}/", 20),
        (boss, "/c/wutong/rounds/", 18),
        (boss, "/c/wutong/confirmed/", 18),
        (client, "/c/wutong/doors/", 20),
        (client, f"/c/wutong/doors/{make.door(round).pk}/", 22),
    )
    for visitor, page, most in pages:
        visitor.get(page)
        with django_assert_max_num_queries(most):
            assert visitor.get(page).status_code == 200
