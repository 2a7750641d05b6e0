"""Papers that ledgers hand out: each is printed from an entry, reads ever after as it did, and tells no secret."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.template.loader import get_template

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers.actions.entries import change_entry, file_entry
from nianlun.ledgers.actions.papers import hand_out
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.declarations.check_examples import plain
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers
from nianlun.ledgers.models import Entry, IssuedPaper, LedgerVersion, Standing
from nianlun.ledgers.papers import body_of, number_of
from nianlun.places.models import User
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of

pytestmark = pytest.mark.django_db
LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
SOON = (today() + timedelta(days=7)).isoformat()
REQUEST = {"asks": "3 号楼下水道反味", "kind": "property", "channel": "counter", "asker": "王大爷"}


def handed_out(ledger: Ledger) -> list[str]:
    steps = [step.paper for step in ledger.flow.steps if step.paper]
    return sorted({*steps, *(one.paper for one in ledger.papers)})


CASES = [
    pytest.param(ledger, paper, id=f"{code}-{paper}")
    for code, ledger in LEDGERS.items()
    for paper in handed_out(ledger)
]


def filed(world: Yard, code: str, by: User, **values: Any) -> Entry:
    held = ledgers_at(world.home)[code]
    return file_entry(acting_user=by, community=world.home, held=held, head=Head(today()), written=values)


def test_every_paper_is_handed_out_by_some_ledger_and_has_its_template() -> None:
    assert {paper for ledger in LEDGERS.values() for paper in handed_out(ledger)} == set(PAPERS)
    for code in PAPERS:
        get_template(f"ledgers/papers/{code}.html")
    words = [kind.word for kind in PAPERS.values()]
    assert len(words) == len(set(words)), "a number says which paper it is of"


@pytest.mark.parametrize(("ledger", "paper"), CASES)
def test_each_is_printed_from_the_examples_of_its_ledger(ledger: Ledger, paper: str) -> None:
    world = yard()
    for example in ledger.examples:
        known = {field.code: field for field in ledger.fields}
        values = {code: value for code, value in example.items() if known[code].kind != "checklist"}
        if len(values) < len(example):  # without its checklist an inspection says in words what is wrong
            values["problems"] = "软管开裂"
        entry = filed(world, ledger.ledger, world.one, **plain(values))
        made = IssuedPaper.objects.create(
            entry=entry, community=world.home, code=paper, year=2027, number=IssuedPaper.objects.count() + 1,
            body=body_of(entry, paper), issued_by=world.one,
        )  # fmt: skip
        page = client_of(world.boss).get(f"/c/wutong/{ledger.ledger}/{entry.pk}/paper/{made.pk}/").content.decode()
        assert number_of(made) in page and "None" not in page and "13800000000" not in page


def test_a_receipt_is_handed_out_by_a_press_and_again_only_when_it_reads_otherwise() -> None:
    world = yard()
    entry = filed(world, "request", world.one, **REQUEST, asker_phone="13800138000")
    client, address = client_of(world.one), f"/c/wutong/request/{entry.pk}/"
    page = client.get(address).content.decode()
    assert "出具受理回执" in page and "出具诉求办理答复单" not in page
    printed = client.post(
        f"{address}hand-out/", {"client_key": str(uuid4()), "paper": "acceptance_receipt"}, follow=True
    ).content.decode()
    assert "受理第1号" in printed and "下水道反味" in printed and "王大爷" in printed and "1380013" not in printed
    again = hand_out(acting_user=world.two, pk=entry.pk, code="acceptance_receipt")
    assert again.number == 1
    change_entry(acting_user=world.one, pk=entry.pk, revision=None, written={"asks": "3 号楼下水道堵了"})
    assert hand_out(acting_user=world.two, pk=entry.pk, code="acceptance_receipt").number == 2
    assert "反味" in IssuedPaper.objects.get(number=1).body["asks"]
    with pytest.raises(UserError):
        hand_out(acting_user=world.one, pk=entry.pk, code="reply")
    with pytest.raises(UserError):
        hand_out(acting_user=world.one, pk=entry.pk, code="award")
    assert client_of(world.stranger).post(f"{address}hand-out/", {"paper": "acceptance_receipt"}).status_code == 404


def test_confirming_a_meeting_issues_its_minutes_with_what_was_decided() -> None:
    world = yard()
    entry = filed(
        world, "meeting", world.one, topic="电梯", kind="consultation", chair="主任", called=30, present=26,
        minutes="讨论三家报价。", decisions=[{"what": "公示七天", "owner": "网格员", "due_on": SOON, "in_favour": 22}],
    )  # fmt: skip
    make_step(acting_user=world.two, pk=entry.pk, revision=None, code="confirm", written={})
    paper = entry.papers.get()
    page = client_of(world.one).get(f"/c/wutong/meeting/{entry.pk}/paper/{paper.pk}/").content.decode()
    assert "会议纪要" in page and "公示七天" in page and SOON in page and "同意 22" in page and "实到 26 人" in page


def test_the_record_of_an_inspection_lists_what_was_not_met() -> None:
    world = yard()
    points = [point.code for point in shipped_checklists()["gas"].checklist.points]
    taken: dict[str, Any] = {**dict.fromkeys(points, "met"), "hose": {"result": "failed", "remark": "软管开裂"}}
    taken_list = {"checklist": "gas", "points": taken}
    entry = filed(
        world, "inspection", world.one, target="小吃店", kind="routine", inspectors="二人", points=taken_list,
        conclusion="failed", deadline=SOON,
    )  # fmt: skip
    paper = hand_out(acting_user=world.one, pk=entry.pk, code="inspection_record")
    page = client_of(world.one).get(f"/c/wutong/inspection/{entry.pk}/paper/{paper.pk}/").content.decode()
    assert "软管开裂" in page and f"检查 {len(points)} 项" in page and SOON in page


def test_a_retired_ledger_still_hands_out_its_papers() -> None:
    world = yard()
    entry = filed(world, "request", world.one, **REQUEST)
    LedgerVersion.objects.filter(code="request").update(standing=Standing.RETIRED)
    client, address = client_of(world.one), f"/c/wutong/request/{entry.pk}/"
    assert "出具受理回执" in client.get(address).content.decode()
    form = {"client_key": str(uuid4()), "paper": "acceptance_receipt"}
    assert client.post(f"{address}hand-out/", form).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_paper_does_not_wait_for_who_files_meanwhile() -> None:
    world = yard()
    entry = filed(world, "request", world.one, **REQUEST)

    def press() -> int:
        try:
            return hand_out(acting_user=world.one, pk=entry.pk, code="acceptance_receipt").number
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        filed(world, "request", world.two, **REQUEST)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit does: the community is held from now on
        assert pool.submit(press).result(timeout=8) == 1
