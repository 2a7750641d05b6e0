"""Finding a sealed value again without opening any: a keyed digest (HMAC-SM3) of the value and its kind."""

from __future__ import annotations

from cryptography.hazmat.primitives.hmac import HMAC

from nianlun.kernel.sealing.keys import ring

TAIL = 4  # characters of a kind that ends in _tail


def digest(kind: str, plain: str) -> bytes:
    """32 bytes, the same for the same kind and value; of a kind ending in `_tail` only the last four count.

    The value must be in its one normal form (no blanks, X in capitals): digests know no similar values.
    """
    if not plain:
        raise ValueError("nothing has no digest: leave the column null")
    return digest_with(ring().digests, kind, plain[-TAIL:] if kind.endswith("_tail") else plain)


def digest_with(keyed: HMAC, kind: str, plain: str) -> bytes:
    """The digest under one key's HMAC, which stays unused."""
    copied = keyed.copy()
    copied.update(f"{kind}\0{plain}".encode())
    return copied.finalize()
