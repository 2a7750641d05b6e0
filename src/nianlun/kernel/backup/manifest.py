"""What a backup says about itself; it is the last member of the archive, so that an unfinished one has none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from nianlun.kernel.backup.errors import BackupError

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
FILES = "files/"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeyMark:
    """One data key that was in use: enough to recognise it, not enough to open anything."""

    id: str
    kind: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The database as the dump's own snapshot saw it.

    `server_version` as PostgreSQL numbers it (180006), `database_size` in bytes, `migrations` as "app.name",
    `audit_head` as `nianlun audit head` prints it, or nothing.
    """

    server_version: int
    database_size: int
    migrations: list[str]
    rows: dict[str, int]
    audit_head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is ISO 8601 with its offset."""

    made_at: str
    product_version: str
    contents: Contents
    keys: list[KeyMark]
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def from_json(text: bytes) -> Manifest:
    """Read what `to_json` wrote; a newer format, or anything else, is refused."""
    try:
        given: dict[str, Any] = json.loads(text)
        if given["format"] > FORMAT:
            raise BackupError("这个备份来自更新版本的年轮。请先升级年轮，再恢复。")
        return Manifest(
            **{
                **given,
                "contents": Contents(**given["contents"]),
                "keys": [KeyMark(**key) for key in given["keys"]],
                "members": {name: Member(**member) for name, member in given["members"].items()},
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise BackupError("备份的清单（manifest.json）读不懂，文件已损坏。请换一个备份文件。") from error
