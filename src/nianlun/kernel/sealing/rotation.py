"""Changing keys: every sealed value under the newest key, every digest made anew; broken off, it is taken up again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal

from nianlun.kernel.models import KeyCheck
from nianlun.kernel.sealing.checks import check_keys
from nianlun.kernel.sealing.columns import Digest, MapDigest, SealedMap, SealedText
from nianlun.kernel.sealing.columns_found import Column, columns, values_by_key
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.errors import KeyLost, KeyRingError, SealBroken
from nianlun.kernel.sealing.keys import change_file, ring
from nianlun.kernel.sealing.ring import KeyKind, fresh_key, given_text
from nianlun.kernel.sealing.seal import seal, unseal

digests_made_anew = Signal()  # sent after `redigest`: rooms that keep digests elsewhere make theirs anew
BATCH = 1000  # rows a transaction: so many stay locked for some 30 ms


def add_key(kind: KeyKind) -> str:
    """A fresh key at the end of the file, in use from now on; gives back its id."""
    key = fresh_key(kind)
    change_file(add=(key,))
    check_keys()
    return key.id


def left_to_reseal() -> int:
    """How many values older keys of the ring sealed; those of lost keys can be moved no more."""
    counts, keys = values_by_key(), ring()
    return sum(counts[key_id] for key_id in keys.ciphers if key_id != keys.sealing.id)


def reseal(size: int = BATCH) -> Counter[str]:
    """Put every value under the key in use. Gives back how many were, and how many of each column cannot be opened."""
    done: Counter[str] = Counter()
    for column in columns(SealedText):
        name = column.field.name
        old = column.rows().exclude(**{name: ""}).exclude(**{f"{name}__startswith": f"{ring().sealing.id}:"})
        for batch in _batches(column, old, (name,), size):
            column.write([(key, _resealed(sealed, column, done)) for key, sealed in batch])
    for column in columns(SealedMap):
        name = column.field.name
        for batch in _batches(column, column.rows().exclude(**{name: {}}), (name,), size):
            column.write(
                [
                    (key, json.dumps({code: _resealed(sealed, column, done) for code, sealed in values.items()}))
                    for key, values in batch
                    if any(not sealed.startswith(f"{ring().sealing.id}:") for sealed in values.values())
                ]
            )
    return done


def _resealed(sealed: str, column: Column, done: Counter[str]) -> str:
    """The value under the key in use; one that cannot be opened stays as it is."""
    if sealed.startswith(f"{ring().sealing.id}:"):
        return sealed
    try:
        made = seal(unseal(sealed))
    except (KeyLost, SealBroken):
        done[str(column)] += 1
        return sealed
    done["resealed"] += 1
    return made


def redigest(size: int = BATCH) -> Counter[str]:
    """Make every digest anew with the index key in use. Until it ends, values not yet reached are not found.

    Gives back how many were made, and how many of each column could not be, because their value cannot be opened.
    """
    done: Counter[str] = Counter()
    for column in columns(Digest):
        for batch in _batches(column, column.rows(), _told_by(column), size):
            changed = []
            for key, *told in batch:
                try:
                    made = _digested(column, told)
                except (KeyLost, SealBroken):
                    done[str(column)] += 1
                else:
                    if made is not None or column.field.null:
                        changed.append((key, made))
            column.write(changed)
            done["redigested"] += sum(made is not None for _, made in changed)
    digests_made_anew.send(sender=Digest)
    return done


def _told_by(column: Column) -> tuple[str, ...]:
    """The columns that tell what a digest is of."""
    field = column.field
    if isinstance(field, MapDigest) and field.map and field.code_in and field.kind_in:
        return (field.map, field.code_in, field.kind_in)
    if isinstance(field, Digest) and field.of and field.kind:
        return (field.of,)
    raise ValueError(f"{column} does not say what it digests: give its column `of` and `kind`, or make it a MapDigest")


def _digested(column: Column, told: Sequence[Any]) -> bytes | None:
    """The digest of what the columns of `_told_by` hold; none of no value."""
    if isinstance(column.field, MapDigest):
        values, code, kind = told
        plain = unseal(values.get(code, ""))
    else:
        assert isinstance(column.field, Digest)
        kind, plain = column.field.kind, unseal(told[0])
    return digest(kind, plain) if plain else None


def drop_keys(*key_ids: str) -> None:
    """Take keys out of the ring that no value needs; writers that began before are waited for.

    Out of NIANLUN_KEY only whoever sets it can take them.
    """
    keys = ring()
    if strange := set(key_ids) - {key.id for key in keys.keys}:
        raise KeyRingError(f"no key {', '.join(sorted(strange))} in the ring")
    if in_use := {keys.sealing.id, keys.index.id} & set(key_ids):
        raise KeyRingError(f"key {', '.join(sorted(in_use))} is in use: rotate first")
    sealed = columns(SealedText, SealedMap)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in sorted({column.model._meta.db_table for column in sealed}):
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE MODE")
        counts = values_by_key()
        if left := {key_id: counts[key_id] for key_id in key_ids if counts[key_id]}:
            said = ", ".join(f"{count} values with {key_id}" for key_id, count in left.items())
            raise KeyRingError(f"still sealed: {said}. Run nianlun keys rotate until none is left")
        KeyCheck.objects.filter(key_id__in=key_ids).delete()
    if not given_text():
        change_file(drop=frozenset(key_ids))


def _batches(column: Column, rows: Any, beside: Sequence[str], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Each batch in a transaction of its own, which holds while the caller works on it."""
    after = None
    while True:
        with transaction.atomic():
            batch = column.batch(rows, beside, after, size)
            if not batch:
                return
            yield batch
        after = batch[-1][0]
