"""Record ids are UUIDv7 (RFC 9562): made without the database, ordered by time, safe to show."""

from __future__ import annotations

import os
import time
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime | None = None) -> UUID:
    """A new id, of now or of another moment: 48 bits of Unix milliseconds, version, variant and 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000 if at is None else int(at.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)


def least_id(at: datetime) -> UUID:
    """What every id made from that moment on is above."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
