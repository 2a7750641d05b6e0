"""What the page says of backups is read from the disk: which are good, how old, what went wrong."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nianlun.kernel.backup import shelf
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.clock import CHINA, frozen
from nianlun.kernel.file_lock import FileLock

NIGHT = datetime(2027, 3, 1, 2, 30, tzinfo=CHINA)


def put(var: Path, moment: datetime, size: int = 10) -> Path:
    shelf.folder().mkdir(mode=0o700, exist_ok=True)
    path = shelf.folder() / f"nianlun-{moment:%Y%m%d-%H%M%S}.tar"
    path.write_bytes(b"x" * size)
    return path


def test_none_yet(var: Path) -> None:
    status = shelf.status()
    assert (status.last_good_at, status.count, status.old, status.failed, status.running) == (
        None,
        0,
        True,
        False,
        False,
    )
    assert not (var / "backups").exists()
    with shelf.turn():
        assert (var / "backups").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("hours", "old"), [(1, False), (35, False), (36, False), (37, True)])
def test_more_than_36_hours_is_old(var: Path, hours: int, old: bool) -> None:
    put(var, NIGHT, size=77)
    with frozen(NIGHT + timedelta(hours=hours)):
        status = shelf.status()
    assert (status.last_good_at, status.size, status.count, status.old) == (NIGHT, 77, 1, old)


def test_what_has_another_name_is_none(var: Path) -> None:
    shelf.folder().mkdir()
    for name in (".nianlun-1.part", "nianlun-20270301-0230.tar", "nianlun-20271301-023000.tar", "notes.txt"):
        (shelf.folder() / name).write_text("x")
    (shelf.folder() / "nianlun-20270301-023000.tar").mkdir()
    assert shelf.backups() == []


def test_fourteen_nights_are_kept(var: Path) -> None:
    for night in range(20):
        put(var, NIGHT + timedelta(days=night))
    shelf.prune()
    assert [backup.made_at for backup in shelf.backups()] == [
        NIGHT + timedelta(days=night) for night in range(19, 5, -1)
    ]


def test_many_of_one_day_push_no_night_out(var: Path) -> None:
    for night in range(14):
        put(var, NIGHT + timedelta(days=night))
    for minute in range(1, 21):
        put(var, NIGHT + timedelta(days=13, minutes=minute))
    shelf.prune()
    days = [backup.made_at.date() for backup in shelf.backups()]
    assert len(set(days)) == 14 and days.count((NIGHT + timedelta(days=13)).date()) == 14


def test_a_failure_is_told_until_one_is_good_again(var: Path) -> None:
    put(var, NIGHT)
    with frozen(NIGHT + timedelta(days=1)):
        shelf.note_failure("磁盘已满")
        status = shelf.status()
        assert status.failed and status.why == "磁盘已满" and status.last_failed_at == NIGHT + timedelta(days=1)
    put(var, NIGHT + timedelta(days=2))
    assert not shelf.status().failed


def test_a_failure_note_that_cannot_be_read_is_none(var: Path) -> None:
    shelf.folder().mkdir()
    (shelf.folder() / shelf.FAILURE).write_text("{")
    assert shelf.status().last_failed_at is None


def test_what_was_killed_is_told_and_then_swept_away(var: Path) -> None:
    put(var, NIGHT)
    part = shelf.folder() / ".nianlun-77.part"
    part.write_text("half")
    os.utime(part, ((NIGHT + timedelta(days=1)).timestamp(),) * 2)
    assert shelf.status().failed and "中途停了" in shelf.status().why
    with shelf.turn():
        assert not part.exists()
        assert shelf.status().running
    assert not shelf.status().running


def test_one_at_a_time(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "TURN_PATIENCE", 0.1)
    shelf.folder().mkdir()
    other = FileLock(shelf.folder() / "backup.lock")
    other.take()
    with pytest.raises(BackupError, match="正在进行"), shelf.turn():
        pass
    other.let_go()


def test_two_in_one_second_have_two_names(var: Path) -> None:
    shelf.folder().mkdir()
    with frozen(NIGHT):
        first = shelf.free_name(shelf.folder())
        first.touch()
        assert shelf.free_name(shelf.folder()).name == "nianlun-20270301-023001.tar"
