"""Whether the keys at hand are the ones that the database's values were sealed with: asked at every start."""

from __future__ import annotations

from nianlun.kernel.models import KeyCheck
from nianlun.kernel.sealing.digest import digest_with
from nianlun.kernel.sealing.errors import KeyLost, KeyRingError, SealBroken
from nianlun.kernel.sealing.keys import ring, source
from nianlun.kernel.sealing.ring import Key, KeyRing
from nianlun.kernel.sealing.seal import seal_with, unseal

KNOWN = "年轮"


def check_keys() -> None:
    """Raise KeyRingError where a key that the database knows is missing or is another; note keys that are new."""
    keys = ring()
    known = list(KeyCheck.objects.all())
    if lost := [check for check in known if not _opens(check, keys)]:
        raise KeyRingError(
            f"{source()} lacks the keys that values in the database were sealed with: "
            f"{', '.join(str(check) for check in lost)}. Put back the copy that you keep with your backups; "
            "without these keys the values can never be opened"
        )
    for key in keys.keys:
        if key.id not in {check.key_id for check in known}:
            remember(key, keys)


def remember(key: Key, keys: KeyRing) -> None:
    """Note a key in the database, so that its loss is told at the next start."""
    known = seal_with(key.id, keys.ciphers[key.id], KNOWN) if key.kind == "seal" else _index_mark(key)
    KeyCheck.objects.get_or_create(key_id=key.id, defaults={"kind": key.kind, "known": known})


def _opens(check: KeyCheck, keys: KeyRing) -> bool:
    key = next((key for key in keys.keys if key.id == check.key_id and key.kind == check.kind), None)
    if key is None:
        return False
    if key.kind == "index":
        return check.known == _index_mark(key)
    try:
        return unseal(check.known) == KNOWN
    except (KeyLost, SealBroken):
        return False


def _index_mark(key: Key) -> str:
    return digest_with(key.hmac(), "known", KNOWN).hex()
