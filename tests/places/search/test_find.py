"""What the one box finds, for whom, and in which order."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.errors import UserError
from nianlun.places.models import Body, Community, Grid, GridDuty, Post, PostKind, User
from nianlun.places.policy import Policy
from nianlun.places.search.find import find, find_more
from nianlun.places.search.index import index
from nianlun.places.search.kinds import all_kinds
from tests.places import make
from tests.places.search.make import building, grid, organisation, resident, room

pytestmark = pytest.mark.django_db
ID_NUMBER, PHONE, CREDIT_CODE = "990101198001010057", "13900001234", "91350100M000100Y43"


@pytest.fixture
def here() -> Community:
    at = make.community()
    walked = grid(at=at)
    home = room(of=building(at=at, grid=walked))
    resident("单雄信", at=at, room=home, id_number=ID_NUMBER, phone=PHONE)
    resident("宋小单", at=at, room=home)
    resident("单雄信伯", at=at, state="moved_out")
    organisation("清风茶社", at=at, credit_code=CREDIT_CODE)
    return at


def titles(user: User, typed: str) -> list[str]:
    return [hit.title for group in find(Policy(user), typed) for hit in group.hits]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("单雄信", ["单雄信", "单雄信伯"]),
        ("sxx", ["单雄信", "单雄信伯"]),
        ("雄信", ["单雄信", "单雄信伯"]),
        ("qfy", ["清风苑3号楼", "清风苑"]),
        ("qfy3hl", ["清风苑3号楼"]),
        ("清风", ["宋小单", "单雄信", "清风苑3号楼", "清风苑", "清风茶社"]),
        ("清风苑3号楼2单元302", ["单雄信", "宋小单"]),
        ("清风 单雄", ["单雄信"]),
        ("1234", ["单雄信"]),
        (PHONE, ["单雄信"]),
        ("139 0000 1234", []),  # three words, of which none is a number
        ("139-0000-1234", ["单雄信"]),
        (ID_NUMBER, ["单雄信"]),
        (CREDIT_CODE.lower(), ["清风茶社"]),
        ("ＱＦＹ", ["清风苑3号楼", "清风苑"]),
        ("查无此人", []),
        ("100%", []),
    ],
)
def test_each_way_of_typing_finds(here: Community, typed: str, found: list[str]) -> None:
    assert sorted(titles(make.secretary(at=here), typed)) == sorted(found)


@pytest.mark.parametrize("typed", ["", "  ", "单", "s", "3", "，。", "号楼", "单元 小区"])
def test_a_word_that_finds_too_much_asks_for_more(here: Community, typed: str) -> None:
    with pytest.raises(UserError):
        find(Policy(make.secretary(at=here)), typed)


def test_the_whole_name_stands_first_and_those_who_left_last(here: Community) -> None:
    for name in ("宋显", "孙雪霞", "宋显达"):
        resident(name, at=here)
    resident("宋显", at=here, state="died")
    user = make.secretary(at=here)
    assert titles(user, "宋显") == ["宋显", "宋显达", "宋显"]
    assert titles(user, "sx")[0] == "宋显"


def test_another_communitys_records_are_not_there(here: Community) -> None:
    stranger = make.secretary(at=make.community("elsewhere", of=make.subdistrict("other")))
    neighbour = make.secretary("neighbour", at=make.community("heying"))
    for typed in ("单雄信", "清风", "1234", ID_NUMBER, "qfy"):
        assert titles(stranger, typed) == titles(neighbour, typed) == []


def test_the_subdistrict_sees_places_and_no_people(here: Community) -> None:
    officer = make.officer(of=here.subdistrict)
    assert sorted(titles(officer, "清风")) == ["清风苑", "清风苑3号楼", "清风茶社"]
    for typed in ("单雄信", "1234", PHONE, ID_NUMBER, CREDIT_CODE):
        assert titles(officer, typed) == []
    assert titles(make.officer("auditor", of=here.subdistrict, kind=PostKind.AUDITOR), "清风") == []


def test_a_grid_worker_finds_the_people_of_their_grids(here: Community) -> None:
    walker = make.worker("walker", at=here, kind=PostKind.GRID_WORKER)
    assert titles(walker, "单雄信") == []
    GridDuty.objects.create(grid=Grid.objects.get(), post=Post.objects.get(user=walker))
    assert titles(walker, "单雄信") == ["单雄信"]  # the other one lives in no grid
    assert "清风茶社" in titles(walker, "清风")


def test_a_party_branch_is_found_by_those_of_its_line(here: Community) -> None:
    index([Body.objects.create(community=here, name="第一党支部", kind="branch"),
           Body.objects.create(community=here, name="第一巡逻队", kind="team")])  # fmt: skip
    plain, party = make.worker(at=here), make.worker("party", at=here)
    Post.objects.filter(user=party).update(lines=["party"])
    assert titles(plain, "第一") == ["第一巡逻队"]
    assert titles(party, "第一") == titles(make.secretary(at=here), "第一") == ["第一巡逻队", "第一党支部"]


def test_one_kind_goes_on_page_by_page_and_the_queries_stay_the_same(here: Community) -> None:
    for number in range(25):
        resident(f"赵小{chr(0x4E00 + number)}", at=here)
    user, kind = make.secretary(at=here), all_kinds()[0]
    assert [(len(group.hits), group.more) for group in find(Policy(user), "赵小", shown=8)] == [(8, True)]
    seen: list[str] = []
    cursor = ""
    while True:
        with CaptureQueriesContext(connection) as queries:
            page = find_more(Policy(user), "赵小", kind, cursor=cursor, shown=10)
        assert len(queries) <= 2
        seen += [hit.title for hit in page.hits]
        cursor = page.cursor
        if not cursor:
            break
    assert seen == sorted(seen) and len(set(seen)) == 25
