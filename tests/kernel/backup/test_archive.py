"""An archive is whole or refused: cut short, changed, added to, or hostile, nothing of it is used."""

from __future__ import annotations

import os
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from nianlun.kernel.backup import archive
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.manifest import NAME, Contents, KeyMark, Manifest, from_json

CONTENTS = Contents(180006, 9_000_000, ["kernel.0001_initial"], {"kernel_auditrow": 3}, "3:" + "ab" * 32)
LONG = "files/" + "很长的名字" * 5 + "/" + "照片" * 30 + ".jpg"


@pytest.fixture(autouse=True)
def _room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "RESERVE", 0)


def written(path: Path, members: dict[str, bytes]) -> Manifest:
    with archive.Writer(path) as writer:
        for name, content in members.items():
            writer.add(name, [content[:7], content[7:]])
        manifest = Manifest(
            "2027-01-01T02:30:00+08:00", "0.1.0", CONTENTS, [KeyMark("a1", "seal", "ff")], dict(writer.members)
        )
        writer.add(NAME, [manifest.to_json()])
        writer.finish()
    return manifest


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "nianlun-20270101-023000.tar"
    written(path, {"database.dump": os.urandom(5000), "files/空": b"", LONG: b"x" * 511})
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    content = os.urandom(1234)
    manifest = written(tmp_path / "a.tar", {"database.dump": content, LONG: b"x" * 512})
    assert archive.check(tmp_path / "a.tar") == manifest
    assert b"".join(archive.member(tmp_path / "a.tar", "database.dump")) == content
    assert archive.unpack(tmp_path / "a.tar", "files/", tmp_path / "out") == 1
    assert (tmp_path / "out" / LONG.removeprefix("files/")).read_bytes() == b"x" * 512


def test_any_tar_opens_it(whole: Path) -> None:
    with tarfile.open(whole) as tar:
        assert tar.getnames() == ["database.dump", "files/空", LONG, NAME]
    assert whole.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [0, 100, 600, 3000, -1100, -1500])
def test_one_changed_byte_is_found(whole: Path, at: int) -> None:
    content = bytearray(whole.read_bytes())
    content[at] ^= 1
    whole.write_bytes(content)
    if at == -1100:  # padding, which means nothing
        archive.check(whole)
        return
    with pytest.raises(BackupError, match=r"损坏|读不懂|升级"):
        archive.check(whole)


@pytest.mark.parametrize("length", [0, 1, 511, 512, 3000, 5632, 6000, 7000, 8000])
def test_one_cut_short_is_no_backup(whole: Path, length: int) -> None:
    content = whole.read_bytes()
    assert len(content) > length
    whole.write_bytes(content[:length])
    with pytest.raises(BackupError, match="已损坏"):
        archive.check(whole)


def test_what_is_no_archive_and_what_is_not_there_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04" * 1000)
    with pytest.raises(BackupError, match="不是完整的备份"):
        archive.check(tmp_path / "letter.docx")
    with pytest.raises(BackupError, match="读不了备份文件"):
        archive.check(tmp_path / "nowhere.tar")


@pytest.mark.parametrize("name", ["/etc/passwd", "files/../../escape", "..", "files/.."])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    written(tmp_path / "a.tar", {name: b"x"})
    with pytest.raises(BackupError, match="多出"):
        archive.check(tmp_path / "a.tar")


def test_a_link_or_a_member_that_the_manifest_does_not_name_is_refused(whole: Path) -> None:
    content = BytesIO(whole.read_bytes())
    for kind in (tarfile.SYMTYPE, tarfile.REGTYPE):
        content.seek(0)
        with tarfile.open(fileobj=content) as old, tarfile.open(whole, "w") as new:
            for about in old:
                if about.name == NAME:
                    extra = tarfile.TarInfo("files/extra")
                    extra.type, extra.linkname = kind, "/etc/passwd"
                    new.addfile(extra, BytesIO())
                new.addfile(about, old.extractfile(about))
        with pytest.raises(BackupError, match="files/extra"):
            archive.check(whole)


def test_a_manifest_of_a_newer_form_asks_for_a_newer_version() -> None:
    manifest = Manifest("2027-01-01T02:30:00+08:00", "0.1.0", CONTENTS, [])
    assert from_json(manifest.to_json()) == manifest
    with pytest.raises(BackupError, match="请先升级年轮"):
        from_json(manifest.to_json().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(BackupError, match="读不懂"):
        from_json(b'{"format": 1}')
