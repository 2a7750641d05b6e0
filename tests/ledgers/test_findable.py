"""Entries are found in the one box and in their list: by their words, by whom they are about, never by a secret."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.kernel.ids import least_id
from nianlun.ledgers.actions.entries import change_entry, file_entry, withdraw_entry
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry
from nianlun.places.models import Findable, Post, PostKind, User
from nianlun.places.policy import Policy
from nianlun.places.search.find import Hit, find, find_more
from nianlun.places.search.kinds import all_kinds
from nianlun.places.search.rebuild import rebuild
from tests.ledgers.make import Yard, hazard, yard
from tests.places import make
from tests.places.search.make import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Yard:
    return yard()


def hits(user: User, typed: str) -> list[Hit]:
    return [hit for group in find(Policy(user), typed) if group.kind.code == "entry" for hit in group.hits]


def meeting(here: Yard) -> Entry:
    written = {
        "topic": "老旧电梯更换", "kind": "consultation", "chair": "主任", "present": "20",
        "minutes": "物业介绍三家报价",
        "decisions": [{"what": "公示分摊表七天", "owner": "网格员"}],
    }  # fmt: skip
    held = ledgers_at(here.home)["meeting"]
    return file_entry(acting_user=here.one, community=here.home, held=held, head=Head(date.today()), written=written)


def benefit(here: Yard, by: User) -> Entry:
    written = {
        "scheme": "aged", "applicant": "欧阳长庚", "reason": "年满八十周岁", "phone": "13800001234",
        "id_number": "990101198001010057",
    }  # fmt: skip
    held = ledgers_at(here.home)["benefit"]
    head = Head(date.today(), lines=["welfare"])
    return file_entry(acting_user=by, community=here.home, held=held, head=head, written=written)


@pytest.mark.parametrize("typed", ["电梯", "老旧电梯更换", "三家报价", "分摊表", "电梯 报价"])
def test_words_of_any_field_that_is_no_secret_find_an_entry(here: Yard, typed: str) -> None:
    meeting(here)
    (hit,) = hits(here.two, typed)
    assert (hit.title, hit.gone) == ("老旧电梯更换", "")
    assert hit.subtitle == f"会议台账 · {date.today()} · 待审定"


def test_whom_it_is_about_finds_it_by_initials_too(here: Yard) -> None:
    firm = organisation("清风茶社", at=here.home)
    held = ledgers_at(here.home)["hazard"]
    head = Head(date.today(), "organisation", str(firm.pk))
    written = {"found": "灭火器过期", "category": "fire", "severity": "minor"}
    file_entry(acting_user=here.one, community=here.home, held=held, head=head, written=written)
    assert [hit.title for typed in ("清风茶社", "qfcs") for hit in hits(here.two, typed)] == ["灭火器过期"] * 2


def test_what_changes_is_found_by_its_new_words_and_shows_its_state(here: Yard) -> None:
    entry = hazard(here.one, here.home)
    change_entry(acting_user=here.one, pk=entry.pk, revision=None, written={"found": "配电箱没有上锁"})
    assert hits(here.one, "杂物") == [] and hits(here.one, "配电箱")[0].title == "配电箱没有上锁"
    mended = {"measures": "当场装锁", "mended_on": str(date.today())}
    make_step(acting_user=here.one, pk=entry.pk, revision=None, code="mend_at_once", written=mended)
    assert hits(here.one, "装锁")[0].subtitle.endswith("待复查")
    withdraw_entry(acting_user=here.boss, pk=entry.pk, revision=None, reason="重复登记")
    assert hits(here.one, "装锁")[0].gone == "已撤回"


def test_nobody_finds_what_they_may_not_see(here: Yard) -> None:
    welfare, other = make.worker("welfare", at=here.home), here.two
    Post.objects.filter(user=welfare).update(lines=["welfare"])
    benefit(here, here.boss)
    hazard(here.one, here.home)
    office = make.officer("office", of=here.home.subdistrict)
    assert [len(hits(user, "年满八十")) for user in (here.boss, welfare, other, office, here.stranger)] == [
        1,
        1,
        0,
        0,
        0,
    ]
    assert [len(hits(user, "杂物")) for user in (here.boss, other, office, here.stranger)] == [1, 1, 1, 0]
    walker = make.worker("walker", at=here.home, kind=PostKind.GRID_WORKER)
    assert [hit.title for hit in hits(walker, "杂物")] == ["楼道堆放杂物"]  # in no grid: it is everybody's
    assert hits(walker, "年满八十") == []


def test_secret_values_are_in_no_piece_of_the_index(here: Yard) -> None:
    entry = benefit(here, here.boss)
    pieces = Findable.objects.get(record_id=entry.pk).grams
    assert "e欧阳" in pieces
    assert not [piece for piece in pieces if "1380" in piece or "1234" in piece or "9901" in piece or "#" in piece]


def test_a_list_finds_by_the_same_words_and_only_its_own(here: Yard, client: Client) -> None:
    meeting(here)
    hazard(here.one, here.home, found="电梯口堆放杂物")
    client.force_login(here.two)
    found = client.post(f"/c/{here.home.code}/hazard/find/", {"q": "电梯"}, follow=True).content.decode()
    assert "电梯口堆放杂物" in found and "老旧电梯更换" not in found
    refused = client.post(f"/c/{here.home.code}/hazard/find/", {"q": "梯"}, follow=True)
    assert "只有一个字" in refused.content.decode()


def test_a_hit_leads_to_the_page_of_the_entry_and_only_those_who_see_it(here: Yard, client: Client) -> None:
    entry = hazard(here.one, here.home)
    address = hits(here.one, "杂物")[0].address
    client.force_login(here.two)
    page = client.get(address, follow=True)
    assert page.redirect_chain[-1][0] == f"/c/{here.home.code}/hazard/{entry.pk}/" and page.status_code == 200
    client.force_login(here.stranger)
    assert client.get(address).status_code == 404
    client.force_login(here.two)
    assert client.get(f"/c/{here.home.code}/entries/{here.home.pk}/").status_code == 404


def test_queries_do_not_grow_with_entries_and_the_index_can_be_made_anew(here: Yard) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        hits(here.one, "杂物")
    for number in range(12):
        hazard(here.one, here.home, found=f"楼道杂物{number}处")
    hits(here.one, "杂物")  # what ledgers say is read once
    with CaptureQueriesContext(connection) as many:
        assert len(hits(here.one, "杂物")) == 8
    assert len(many) <= len(few)
    before = set(Findable.objects.values_list("record_id", "grams__len"))
    Findable.objects.filter(kind="entry").delete()
    rebuild()
    assert set(Findable.objects.values_list("record_id", "grams__len")) == before


def test_words_that_would_find_everything_are_refused(here: Yard) -> None:
    with pytest.raises(UserError):
        hits(here.one, "梯")


def test_the_newest_are_found_first_and_the_old_where_those_are_few(here: Yard) -> None:
    old = hazard(here.one, here.home, found="杂物")
    Findable.objects.filter(record_id=old.pk).update(record_id=least_id(now() - timedelta(days=700)))
    hazard(here.one, here.home, found="楼道杂物一处")
    assert [hit.title for hit in hits(here.one, "杂物")] == ["杂物", "楼道杂物一处"]
    for number in range(8):
        hazard(here.one, here.home, found=f"走廊杂物{number}处")
    assert "杂物" not in [hit.title for hit in hits(here.one, "杂物")]
    (kind,) = (kind for kind in all_kinds() if kind.code == "entry")
    assert find_more(Policy(here.one), "杂物", kind).hits[0].title == "杂物"


def test_the_night_makes_good_what_was_written_lately_and_the_command_all(here: Yard) -> None:
    new, old = hazard(here.one, here.home), hazard(here.one, here.home)
    Entry.objects.filter(pk=old.pk).update(changed_at=now() - timedelta(days=30))
    Findable.objects.filter(kind="entry").delete()
    rebuild(now() - timedelta(days=14))
    assert [row.record_id for row in Findable.objects.filter(kind="entry")] == [new.pk]
    rebuild()
    assert Findable.objects.filter(kind="entry").count() == 2
