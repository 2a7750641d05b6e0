"""The demo's year of entries: every state of every ledger, truthful histories, nothing that actions would refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Count, Q

from nianlun.demo.entries.book import Book
from nianlun.demo.entries.load import load_entries
from nianlun.demo.entries.neighbourhood import Neighbourhood
from nianlun.demo.entries.tables import stories
from nianlun.demo.load import load
from nianlun.demo.register.world import World
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import now, today
from nianlun.kernel.models import AuditRow
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head, ledger_of
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import DutyEntry, Entry, EntryFile, EntryLink, EntryStep, IssuedPaper
from nianlun.ledgers.rules.flow import step_of
from nianlun.places.models import Community, Findable
from tests.duties import make
from tests.ledgers.make import HAZARD, yard

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_every_ledger_has_a_table_that_fits_it() -> None:
    wutong = yard().home
    held = catalogue.ledgers_at(wutong)
    assert set(stories()) == set(held)
    for code, story in stories().items():
        ledger = held[code].ledger
        fields = {field.code for field in ledger.fields}
        told = [story.values, *(case.values for case in story.cases), *(step.values for step in story.steps.values())]
        assert {name for values in told for name in values} <= fields, code
        made = {story.code_of(key) for way in story.paths for key in way.steps}
        assert made <= {step.code for step in ledger.flow.steps}, code
        assert set(story.opens) <= {follow.title for follow in ledger.follow_ons}, code
        assert _reached(ledger, [[story.code_of(key) for key in way.steps] for way in story.paths]) == set(
            ledger.flow.states
        ), code


def _reached(ledger: Ledger, ways: list[list[str]]) -> set[str]:
    found = {ledger.flow.start}
    for way in ways:
        status = ledger.flow.start
        for code in way:
            step = step_of(ledger, code)
            assert step is not None and status in step.source, (ledger.ledger, status, code)
            status = step.target
            found.add(status)
    return found


@pytest.fixture
def november() -> Iterator[None]:
    """A day on which a plan of the year has run for a while."""
    with make.at(2026, 11, 25):
        yield


def test_the_year_is_whole_and_truthful(november: None) -> None:
    load()
    entries = Entry.objects.all()
    assert 1_000 < entries.count() < 3_500
    home = Community.objects.get(code="wutong")
    for code, held in catalogue.ledgers_at(home).items():
        there = set(entries.filter(community=home, ledger=code).values_list("status", flat=True))
        assert there == set(held.ledger.flow.states), code
    assert not entries.filter(Q(recorded_at__gt=now()) | Q(occurred_on__gt=today())).exists()
    assert entries.filter(occurred_on__lt=today() - timedelta(days=300)).count() > 100
    assert entries.filter(due_on__lt=today(), closed_on=None, withdrawn_at=None).count() > 20
    assert entries.exclude(escalated_on=None).exists() and entries.exclude(withdrawn_at=None).exists()
    assert entries.exclude(late_reason="").count() > 20
    assert 3 < EntryFile.objects.exclude(entry=None).count() < 60
    assert Counter(entries.values_list("subject_kind", flat=True)).keys() == {
        "", "person", "household", "organisation", "body", "place"
    }  # fmt: skip
    assert Findable.objects.filter(kind="entry").count() == entries.count()
    linked = DutyEntry.objects.filter(occurrence__done_on__isnull=False).select_related("entry", "occurrence")
    assert linked.count() > 10
    assert all(abs((one.entry.occurred_on - one.occurrence.done_on).days) <= 5 for one in linked)  # type: ignore[operator]
    _steps_follow_one_another()
    _nobody_verifies_their_own()
    _papers_are_numbered_in_their_order()
    told = AuditRow.objects.filter(kind="entry").values("action").annotate(n=Count("pk"))
    acts = {row["action"]: row["n"] for row in told}
    assert acts["entry.filed"] == entries.count() and acts["entry.step"] == EntryStep.objects.count()
    assert acts["paper.issued"] == IssuedPaper.objects.count()
    opened = EntryLink.objects.filter(source__ledger="inspection", target__ledger="hazard")
    assert opened.filter(target__status="closed").exists() and opened.filter(target__papers__isnull=False).exists()


def _steps_follow_one_another() -> None:
    at: dict[object, tuple[str, object]] = {}
    steps = EntryStep.objects.select_related("entry").order_by("entry", "at", "pk")
    for one in steps:
        ledger = ledger_of(one.entry)
        status, before = at.get(one.entry_id, (ledger.flow.start, one.entry.recorded_at))
        assert one.source == status and one.at >= before  # type: ignore[operator]
        at[one.entry_id] = (one.target or status, one.at)
    for entry in Entry.objects.all():
        assert at.get(entry.pk, (ledger_of(entry).flow.start, None))[0] == entry.status
        assert (entry.closed_on is not None) == ledger_of(entry).flow.states[entry.status].final


def _nobody_verifies_their_own() -> None:
    doers: dict[object, set[object]] = {}
    for one in EntryStep.objects.select_related("entry").order_by("entry", "at", "pk"):
        step = step_of(ledger_of(one.entry), one.step)
        known = doers.setdefault(one.entry_id, {one.entry.recorded_by_id})
        assert step is not None and not (step.second_person and one.by_id in known)
        if one.target and step.second_person and not step.verifies:
            known.clear()
        elif one.target and not step.second_person:
            known.add(one.by_id)


def _papers_are_numbered_in_their_order() -> None:
    last: dict[object, int] = {}
    for paper in IssuedPaper.objects.order_by("community", "code", "year", "issued_on", "number"):
        key = (paper.community_id, paper.code, paper.year)
        assert paper.number == last.get(key, 0) + 1
        last[key] = paper.number


def test_the_made_up_are_written_as_the_actions_write() -> None:
    here = yard()
    head, at = Head(today()), now()
    world = World(1, today())
    book = Book(here.home, Neighbourhood(here.home, world), current_tables([today().year]).holidays)
    mended = {"measures": "当场清走", "mended_on": today().isoformat()}
    made = book.file(here.one, "hazard", head, None, HAZARD, at)
    book.step(made, "mend_at_once", here.one, mended, "", at)
    book.step(made, "verify", here.two, {"recheck": "好"}, "", at)
    book.write()
    held = catalogue.ledgers_at(here.home)["hazard"]
    filed = file_entry(acting_user=here.one, community=here.home, held=held, head=head, written=HAZARD)
    make_step(acting_user=here.one, pk=filed.pk, revision=None, code="mend_at_once", written=mended)
    make_step(acting_user=here.two, pk=filed.pk, revision=None, code="verify", written={"recheck": "好"})
    own = {"id", "recorded_at", "created_at", "changed_at"}
    written, real = (Entry.objects.filter(pk=pk).values().get() for pk in (made.pk, filed.pk))
    assert {key: value for key, value in written.items() if key not in own} == {
        key: value for key, value in real.items() if key not in own
    }
    steps = EntryStep.objects.order_by("step").values("step", "title", "source", "target", "note", "by", "voided")
    assert list(steps.filter(entry=made.pk)) == list(steps.filter(entry=filed.pk))
    acts = AuditRow.objects.values("action", "actor_id", "kind", "detail", "subdistrict_id")
    told, really = (sorted(acts.filter(record_id=pk), key=str) for pk in (made.pk, filed.pk))
    for one in (*told, *really):
        one["detail"].pop("number", None)  # each paper has its own
    assert told == really
    papers = IssuedPaper.objects.order_by("code").values("code", "body", "issued_by", "year")
    assert list(papers.filter(entry=made.pk)) == list(papers.filter(entry=filed.pk)) != []
    grams = Findable.objects.values_list("grams", flat=True)
    assert grams.get(record_id=made.pk) == grams.get(record_id=filed.pk)


def test_a_part_of_the_year_can_be_told_and_hardly_anything_is_refused() -> None:
    load(entries=0)
    assert not Entry.objects.exists()
    written = load_entries(share=0.1)
    assert written.entries == Entry.objects.count() > 200
    assert len(written.refused) < written.entries / 50
