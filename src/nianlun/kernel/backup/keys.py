"""The data keys beside a backup: recognised by their marks, never written into it, and asked for before a restore."""

from __future__ import annotations

from collections.abc import Iterable

from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.manifest import KeyMark
from nianlun.kernel.sealing.digest import digest_with
from nianlun.kernel.sealing.keys import key_file, ring
from nianlun.kernel.sealing.ring import given_text

LENGTH = 16  # hex digits of a fingerprint
UNKNOWN = ""  # the fingerprint of a key that was lost before the backup was made


def marks_at_hand() -> list[KeyMark]:
    """The keys of the ring; none where there is no ring yet, which is not made for this."""
    if not given_text() and not key_file().exists():
        return []
    return [
        KeyMark(key.id, key.kind, digest_with(key.hmac(), "backup", "fingerprint").hex()[:LENGTH])
        for key in ring().keys
    ]


def missing(wanted: Iterable[KeyMark]) -> list[KeyMark]:
    """Those of the wanted keys that the ring lacks, or has as another key of that id."""
    at_hand = marks_at_hand()
    ids = {mark.id for mark in at_hand}
    return [mark for mark in wanted if (mark.id not in ids if mark.fingerprint == UNKNOWN else mark not in at_hand)]


def require(wanted: Iterable[KeyMark]) -> None:
    """Refuse where a key that the backup's secret values need is not at hand."""
    if lost := missing(wanted):
        names = "、".join(f"{mark.id}（{mark.kind}）" for mark in lost)
        place = "环境变量 NIANLUN_KEY" if given_text() else str(key_file())
        raise BackupError(
            f"缺少这个备份用过的数据密钥：{names}。请把当时另外保存的密钥文件放到 {place}（权限 600），再恢复一次。"
            "密钥确实找不回来时，加 --without-keys 恢复其余内容，证件号码、电话等将永远无法解密。"
        )
