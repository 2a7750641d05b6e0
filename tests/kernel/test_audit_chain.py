"""The audit log cannot be changed unseen: the database refuses, and what gets past it breaks the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from io import StringIO
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nianlun.kernel import audit_chain
from nianlun.kernel.audit import record
from nianlun.kernel.audit_chain import LATE, Head, head, id_at, seal_log
from nianlun.kernel.audit_verify import Fault, Verified, verify
from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.kernel.jobs import seal_audit_log, verify_audit_log
from nianlun.kernel.models import AuditLink, AuditRow, ChainCheck

pytestmark = pytest.mark.django_db


def write(count: int = 1) -> list[AuditRow]:
    return [
        record(
            "thing.changed",
            actor_id=uuid7(),
            kind="thing",
            record_id=uuid7(),
            subdistrict_id=None,
            detail={"字段": "名称", "n": number, "at": 0.1},
        )
        for number in range(count)
    ]


@pytest.fixture
def rows() -> list[AuditRow]:
    """Ten rows in the chain, in the order of the chain."""
    write(10)
    assert seal_log() == 10
    return [link.row for link in AuditLink.objects.order_by("seq").select_related("row")]


@contextmanager
def by_the_owner() -> Iterator[None]:
    """As somebody who owns the database and switches the triggers off."""
    for table in ("kernel_auditrow", "kernel_auditlink"):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in ("kernel_auditrow", "kernel_auditlink"):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def faults(seen: Verified) -> list[tuple[Fault, int | None]]:
    return [(found.fault, found.seq) for found in seen.found]


def test_rows_and_links_are_only_ever_added(rows: list[AuditRow]) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: AuditRow.objects.filter(pk=rows[0].pk).update(action="other"),
        lambda: AuditRow.objects.filter(pk=rows[0].pk)._raw_delete("default"),
        lambda: AuditLink.objects.filter(seq=1).update(hash=bytes(32)),
        lambda: AuditLink.objects.filter(seq=1)._raw_delete("default"),
    )
    for act in acts:
        with pytest.raises((InternalError, ProgrammingError), match="only ever added"), transaction.atomic():
            act()
    assert verify().count == 0


def test_neither_table_can_be_emptied() -> None:
    # The tests' database lacks this one trigger, so that tests with real transactions can clear up.
    asked = import_module("nianlun.kernel.migrations.0003_audit_chain").ONLY_GROWS
    for statement in asked.split(";\n"):
        if "never_emptied" in statement:
            with connection.cursor() as cursor:
                cursor.execute(statement)
    for table in ("kernel_auditrow", "kernel_auditlink"):
        with (
            pytest.raises((InternalError, ProgrammingError), match="TRUNCATE refused"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table}")


def test_the_chain_grows_behind_the_rows_and_never_twice(rows: list[AuditRow]) -> None:
    assert seal_log() == 0
    write(3)
    assert seal_log(batch=2) == 3
    assert list(AuditLink.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 14))
    seen = verify(batch=4)
    assert (seen.count, seen.end) == (0, head())


def test_an_empty_log_is_whole() -> None:
    assert seal_log() == 0
    assert verify().end == Head(0, bytes(32))


def test_a_changed_row_is_named(rows: list[AuditRow]) -> None:
    for field, value in {"detail": {"n": 99}, "actor_id": uuid7(), "at": now(), "kind": "other"}.items():
        with transaction.atomic():
            with by_the_owner():
                AuditRow.objects.filter(pk=rows[4].pk).update(**{field: value})
            seen = verify()
            transaction.set_rollback(True)
        assert faults(seen) == [(Fault.CHANGED, 5)]
        assert str(rows[4].pk) in seen.found[0].said


def test_a_removed_row_is_named(rows: list[AuditRow]) -> None:
    with by_the_owner():
        AuditRow.objects.filter(pk=rows[2].pk)._raw_delete("default")
    seen = verify()
    assert faults(seen) == [(Fault.ROW_GONE, 3)] and str(rows[2].pk) in seen.found[0].said


def test_removed_links_are_named_with_their_numbers(rows: list[AuditRow]) -> None:
    with by_the_owner():
        AuditLink.objects.filter(seq__in=[4, 5, 6, 9])._raw_delete("default")
    seen = verify()
    assert faults(seen) == [(Fault.LINK_GONE, 4), (Fault.LINK_GONE, 9)]
    assert "link 4 to 6 is gone" in seen.found[0].said and "link 9 is gone" in seen.found[1].said


def test_rows_put_at_each_others_numbers_are_named(rows: list[AuditRow]) -> None:
    spare = uuid7()
    with by_the_owner():
        for seq, row_id in ((3, spare), (7, rows[2].pk), (3, rows[6].pk)):
            AuditLink.objects.filter(seq=seq).update(row_id=row_id)
    seen = verify()
    assert faults(seen) == [(Fault.REORDERED, 3), (Fault.REORDERED, 7)]
    assert f"row {rows[6].pk} stands at link 3, where row {rows[2].pk} was" in seen.found[0].said


def test_a_row_and_its_hash_changed_together_break_the_next(rows: list[AuditRow]) -> None:
    with by_the_owner():
        AuditRow.objects.filter(pk=rows[4].pk).update(action="other")
        before = bytes(AuditLink.objects.get(seq=4).hash)
        told = AuditRow.objects.values_list(*audit_chain.Told._fields).get(pk=rows[4].pk)
        forged = audit_chain.chained(before, 5, audit_chain.Told(*told))
        AuditLink.objects.filter(seq=5).update(hash=forged)
    seen = verify()
    assert faults(seen) == [(Fault.CHANGED, 6)] and "hash of link 5" in seen.found[0].said


def test_a_tail_cut_off_shows_against_a_head_kept_elsewhere(rows: list[AuditRow]) -> None:
    kept = head()
    with by_the_owner():
        AuditRow.objects.filter(pk__in=[row.pk for row in rows[7:]])._raw_delete("default")
        AuditLink.objects.filter(seq__gt=7)._raw_delete("default")
    assert faults(verify(kept)) == [(Fault.CUT_OFF, 7)]
    ChainCheck.objects.all().delete()
    assert verify().count == 0


def test_a_tail_cut_off_shows_against_the_last_check_too(rows: list[AuditRow]) -> None:
    assert verify().count == 0
    with by_the_owner():
        AuditRow.objects.filter(pk=rows[9].pk)._raw_delete("default")
        AuditLink.objects.filter(seq=10)._raw_delete("default")
    assert faults(verify()) == [(Fault.CUT_OFF, 9)]


def test_a_chain_drawn_anew_shows_against_a_head_kept_elsewhere(rows: list[AuditRow]) -> None:
    kept = head()
    with by_the_owner():
        AuditLink.objects.all()._raw_delete("default")
        AuditRow.objects.filter(pk=rows[0].pk).update(action="other")
    assert seal_log(everything=True) == 10
    assert faults(verify(kept)) == [(Fault.REWRITTEN, 10)]


def late_row(before: timedelta) -> UUID:
    """A row whose id was made a while ago."""
    made = UUID(int=id_at(now() - before).int | 7)
    AuditRow.objects.create(pk=made, action="late", kind="thing", record_id=made)
    return made


def test_rows_kept_out_of_the_chain_are_named_after_ten_minutes(rows: list[AuditRow]) -> None:
    write(1)
    late = late_row(timedelta(minutes=11))
    assert [(found.fault, found.row_id) for found in verify().found] == [(Fault.UNLINKED, late)]


def test_what_came_to_light_very_late_is_chained_at_night(rows: list[AuditRow]) -> None:
    late_row(LATE + timedelta(minutes=5))
    seal_audit_log.func(timestamp=0)
    assert AuditLink.objects.count() == 10
    verify_audit_log.func(timestamp=0)
    assert AuditLink.objects.count() == 11
    assert ChainCheck.objects.latest("at").faults == 0


def test_one_process_at_a_time_draws_the_chain(rows: list[AuditRow]) -> None:
    write(1)
    with patch.object(audit_chain, "_locked", return_value=False):
        assert seal_log() == 0
    assert seal_log() == 1


def test_the_cost_of_a_batch_does_not_grow_with_rows(rows: list[AuditRow]) -> None:
    counts = []
    for count in (1, 40):
        write(count)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            seal_log()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_command_prints_a_head_and_checks_against_it(rows: list[AuditRow]) -> None:
    write(2)
    said = StringIO()
    call_command("audit", "head", stdout=said)
    kept = said.getvalue().strip()
    assert kept == str(head()) and kept.startswith("12:")
    call_command("audit", "verify", "--head", kept, stdout=said)
    assert "whole: 12 rows" in said.getvalue()


def test_the_command_tells_faults_and_ends_with_one(rows: list[AuditRow]) -> None:
    with by_the_owner():
        AuditRow.objects.filter(pk=rows[4].pk).update(action="other")
    said = StringIO()
    with pytest.raises(CommandError, match="1 faults") as told:
        call_command("audit", "verify", stdout=said)
    assert told.value.returncode == 1
    assert f"changed: row {rows[4].pk}" in said.getvalue()


@pytest.mark.parametrize("wrong", ["12", "x:00", "3:zz", "3:00"])
def test_a_head_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match="head"):
        call_command("audit", "verify", "--head", wrong)
