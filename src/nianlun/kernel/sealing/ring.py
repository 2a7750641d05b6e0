"""The key ring: every key that seals or finds secret values, from NIANLUN_KEY, else from the file `data_keys`."""

from __future__ import annotations

import base64
import os
import re
import secrets
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from nianlun.kernel.sealing.errors import KeyRingError

KeyKind = Literal["seal", "index"]
BYTES: dict[str, int] = {"seal": 16, "index": 32}
KEY_ID = re.compile(r"[0-9a-z]{1,16}")


@dataclass(frozen=True)
class Key:
    """One key; its id stands beside each value that it sealed and tells nothing of it."""

    id: str
    kind: KeyKind
    secret: bytes = field(repr=False)

    def line(self) -> str:
        return f"{self.id}:{self.kind}:{base64.b64encode(self.secret).decode()}"

    def hmac(self) -> HMAC:
        return HMAC(self.secret, SM3())


def fresh_key(kind: KeyKind) -> Key:
    return Key(secrets.token_hex(4), kind, secrets.token_bytes(BYTES[kind]))


class KeyRing:
    """Keys in the order in which they were added: the last one of each kind is in use, the others still open."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self.keys = keys
        self.ciphers = {key.id: SM4(key.secret) for key in keys if key.kind == "seal"}
        self.sealing = [key for key in keys if key.kind == "seal"][-1]
        self.index = [key for key in keys if key.kind == "index"][-1]
        self.digests = self.index.hmac()  # copied for each digest, which is cheaper than made anew

    def text(self) -> str:
        """The form in which the ring is kept: `id:kind:base64`, one key a line."""
        return "".join(f"{key.line()}\n" for key in self.keys)


def fresh_ring() -> KeyRing:
    return KeyRing((fresh_key("index"), fresh_key("seal")))


def parse(text: str, source: str) -> KeyRing:
    """Read lines (or parts between `;`) of `id:kind:base64`; what is wrong is told with its place, never its value."""
    keys: list[Key] = []
    for number, line in enumerate(re.split(r"[;\n]", text), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            keys.append(_key(line.strip(), f"key {number} of {source}"))
    if len({key.id for key in keys}) != len(keys):
        raise KeyRingError(f"{source} names a key twice: each id may stand there once")
    if {key.kind for key in keys} != set(BYTES):
        raise KeyRingError(f"{source} wants at least one key of kind seal and one of kind index")
    return KeyRing(tuple(keys))


def _key(line: str, place: str) -> Key:
    key_id, _, rest = line.partition(":")
    kind, _, encoded = rest.partition(":")
    if not KEY_ID.fullmatch(key_id) or kind not in BYTES:
        raise KeyRingError(f"{place} is not of the form id:seal:base64 or id:index:base64")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise KeyRingError(f"{place} ({key_id}) does not end in base64") from error
    if len(secret) != BYTES[kind]:
        raise KeyRingError(f"{place} ({key_id}) has {len(secret)} bytes, {kind} keys have {BYTES[kind]}")
    return Key(key_id, "seal" if kind == "seal" else "index", secret)


def given_text() -> str:
    """The ring as the environment gives it, or nothing."""
    return os.environ.get("NIANLUN_KEY", "").strip()
