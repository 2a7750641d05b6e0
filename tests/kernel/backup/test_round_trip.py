"""What was backed up comes back: rows, sealed values, files; into an empty database, or beside what is there."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from nianlun.kernel import audit
from nianlun.kernel.audit_chain import seal_log
from nianlun.kernel.backup import archive, replace, shelf
from nianlun.kernel.backup.address import Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.make import make_backup
from nianlun.kernel.backup.manifest import DUMP
from nianlun.kernel.backup.restore import restore
from nianlun.kernel.clock import now
from nianlun.kernel.file_lock import FileLock
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow, KeyCheck
from nianlun.kernel.sealing.checks import check_keys
from nianlun.kernel.sealing.errors import KeyLost
from nianlun.kernel.sealing.seal import seal, unseal
from tests.kernel.backup.conftest import kinds

SECRET = "330106199001011234"


def note(said: str) -> None:
    """A row that can be recognised."""
    with transaction.atomic():
        audit.record(
            "test.noted", actor_id=None, kind="test", record_id=uuid7(), subdistrict_id=None, detail={"said": said}
        )


def notes() -> list[str]:
    return [row.detail["said"] for row in AuditRow.objects.filter(action="test.noted").order_by("id")]


@pytest.fixture
def lived_in(scratch: Address, var: Path) -> Path:
    """A database with somebody, a sealed value, a session and a file; gives its backup."""
    get_user_model().objects.create(username="wang", name="王芳")
    Session.objects.create(session_key="k" * 32, session_data="{}", expire_date=now())
    check_keys()
    note(seal(SECRET))
    (var / "files" / "done" / "2027").mkdir(parents=True)
    (var / "files" / "done" / "2027" / "照片 1.jpg").write_bytes(b"\xff\xd8" * 5000)
    return make_backup().path


def lose_everything(scratch: Address, var: Path) -> None:
    """As on a new machine: an empty database, no files."""
    empty(scratch)
    (var / "files" / "done" / "2027" / "照片 1.jpg").unlink()


def empty(scratch: Address) -> None:
    with scratch.connect(autocommit=True) as there:
        there.execute("DROP SCHEMA public CASCADE")
        there.execute("CREATE SCHEMA public")
    connection.close()


def test_into_an_empty_database_and_every_value_opens(lived_in: Path, scratch: Address, var: Path) -> None:
    lose_everything(scratch, var)
    done = restore(lived_in)
    assert [unseal(said) for said in notes()] == [SECRET]
    assert get_user_model().objects.get().get_username() == "wang"
    assert (var / "files" / "done" / "2027" / "照片 1.jpg").read_bytes() == b"\xff\xd8" * 5000
    assert (done.files, done.without) == (1, [])
    assert kinds(scratch) == ["in use"] and done.kept is None
    assert [path.name for path in var.glob("files*")] == ["files"]
    assert AuditRow.objects.filter(action="backup.restored").count() == 1


def test_who_was_signed_in_is_not(lived_in: Path) -> None:
    restore(lived_in, force=True)
    assert Session.objects.count() == 0


def test_what_is_there_is_replaced_only_when_asked_and_then_kept_beside(
    lived_in: Path, scratch: Address, var: Path
) -> None:
    note("later")
    (var / "files" / "later").write_text("later")
    with pytest.raises(BackupError, match="--force"):
        restore(lived_in)
    assert "later" in notes() and kinds(scratch) == ["in use"]
    done = restore(lived_in, force=True)
    assert "later" not in notes() and not (var / "files" / "later").exists()
    assert done.kept is not None and done.kept.files is not None and done.kept.database is not None
    assert (done.kept.files / "later").read_text() == "later"
    with scratch.named(done.kept.database).connect() as before:
        assert before.execute("SELECT detail->>'said' FROM kernel_auditrow ORDER BY id DESC").fetchone() == ("later",)
    call_command("restore", "--drop-replaced")
    assert kinds(scratch) == ["in use"] and not done.kept.files.exists()


def test_without_its_keys_it_is_refused_until_they_are_given_up(lived_in: Path, var: Path) -> None:
    note("after the backup")
    keys = (var / "data_keys").read_text()
    (var / "data_keys").unlink()
    key_id = next(line.split(":")[0] for line in keys.splitlines() if ":seal:" in line)
    with pytest.raises(BackupError, match=f"{key_id}（seal）.*{var / 'data_keys'}"):
        restore(lived_in, force=True)
    assert len(notes()) == 2
    assert not (var / "data_keys").exists()
    done = restore(lived_in, force=True, without_keys=True)
    assert key_id in {mark.id for mark in done.without}
    assert KeyCheck.objects.count() == 0
    check_keys()  # a start is not refused
    with pytest.raises(KeyLost):
        unseal(notes()[0])


def test_another_key_under_the_same_id_is_not_taken_for_it(lived_in: Path, var: Path) -> None:
    lines = (var / "data_keys").read_text().splitlines()
    (var / "data_keys").write_text("\n".join(line[:-6] + "AAAA==" if ":seal:" in line else line for line in lines))
    with pytest.raises(BackupError, match="缺少这个备份用过的数据密钥"):
        restore(lived_in, force=True)


def test_keys_never_lie_in_the_archive(lived_in: Path, var: Path) -> None:
    content = lived_in.read_bytes()
    for line in (var / "data_keys").read_text().splitlines():
        assert line.split(":")[2].encode() not in content
    assert lived_in.stat().st_mode & 0o777 == 0o600


def test_it_tells_what_is_in_it(lived_in: Path) -> None:
    manifest = archive.check(lived_in)
    assert manifest.contents.rows["kernel_auditrow"] == 1
    assert manifest.contents.rows["places_user"] == 1
    assert "kernel.0001_initial" in manifest.contents.migrations
    assert manifest.contents.database_size > 1_000_000
    assert {mark.kind for mark in manifest.keys} == {"seal", "index"}
    assert DUMP in manifest.members and "files/done/2027/照片 1.jpg" in manifest.members


def test_it_holds_the_head_of_the_audit_log_to_verify_it_by(scratch: Address) -> None:
    assert make_backup().manifest.contents.audit_head == ""
    note("chained")
    seal_log()
    made = make_backup()
    restore(made.path, force=True)
    call_command("audit", "verify", "--head", made.manifest.contents.audit_head)


def test_an_older_one_is_brought_to_this_version(scratch: Address) -> None:
    empty(scratch)
    MigrationExecutor(connection).migrate([("kernel", "0001_initial")])
    note("of old")
    older = make_backup().path
    assert archive.check(older).contents.migrations == ["kernel.0001_initial"]
    restore(older, force=True)
    assert notes() == ["of old"]
    assert get_user_model().objects.count() == KeyCheck.objects.count() == 0  # the tables are there


def test_one_of_a_newer_version_is_refused(scratch: Address) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_future', now())")
    newer = make_backup().path
    with pytest.raises(BackupError, match="请先升级年轮"):
        restore(newer, force=True)


def test_while_it_is_served_nothing_is_restored(lived_in: Path, var: Path) -> None:
    with FileLock(var / "serve.lock"), pytest.raises(BackupError, match="正在运行"):
        restore(lived_in, force=True)


def test_while_others_are_connected_nothing_is_restored(lived_in: Path, scratch: Address) -> None:
    with scratch.connect(), pytest.raises(BackupError, match="还有 1 个连接"):
        restore(lived_in, force=True)
    assert kinds(scratch) == ["in use"]


@pytest.mark.parametrize("broken", ["load", "swap", "files"])
def test_a_restore_that_fails_changes_nothing(
    lived_in: Path, scratch: Address, var: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    note("later")
    (var / "files" / "later").write_text("later")
    if broken == "load":
        monkeypatch.setattr("nianlun.kernel.backup.restore.load", lambda *_, **__: None)
    elif broken == "files":
        monkeypatch.setattr(archive, "unpack", _no_room)
    else:
        rename = Path.rename
        monkeypatch.setattr(
            Path, "rename", lambda path, to: _no_room() if "_restoring" in path.name else rename(path, to)
        )
    with pytest.raises(BackupError, match="没有动"):
        restore(lived_in, force=True)
    monkeypatch.undo()
    assert notes()[-1] == "later" and (var / "files" / "later").read_text() == "later"
    assert kinds(scratch) == ["in use"]
    assert [path.name for path in var.glob("files*")] == ["files"]


def _no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_writes_that_go_on_beside_are_in_it_whole_or_not_at_all(
    scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each transaction writes two rows; a backup holds both or none, and as many as its manifest says."""
    check_keys()
    stop = threading.Event()

    def write() -> None:
        with scratch.connect() as mine:
            number = 0
            while not stop.is_set():
                for half in ("a", "b"):
                    mine.execute(
                        "INSERT INTO kernel_auditrow (id, at, action, kind, record_id, detail)"
                        " VALUES (gen_random_uuid(), now(), 'test.noted', %s, gen_random_uuid(), '{}')",
                        [f"{number}{half}"],
                    )
                mine.commit()
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not AuditRow.objects.exists():
            pass
        made = make_backup()
    finally:
        stop.set()
        writer.join()
    restore(made.path, force=True)
    found = AuditRow.objects.filter(action="test.noted").values_list("kind", flat=True)
    assert len(found) == made.manifest.contents.rows["kernel_auditrow"] > 0
    assert {kind[:-1] for kind in found if kind.endswith("a")} == {kind[:-1] for kind in found if kind.endswith("b")}


def test_beside_in_another_folder(lived_in: Path, tmp_path: Path) -> None:
    made = make_backup(tmp_path / "stick")
    assert made.path.parent == tmp_path / "stick" and shelf.status().count == 1
    archive.check(made.path)


def test_what_replaces_is_told_in_words(lived_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("restore", str(lived_in), "--force")
    said = capsys.readouterr().out
    assert "已恢复" in said and replace.BEFORE in said and "--drop-replaced" in said
