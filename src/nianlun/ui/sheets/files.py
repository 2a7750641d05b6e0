"""An uploaded file while its import waits: sealed, in pieces of the database, so that no plain copy lies anywhere."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode

from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.ui.sheets.models import ImportPart, ImportRun
from nianlun.ui.sheets.reading import Peek, Rows

PIECE = 3 << 18  # bytes, a multiple of 3


def keep_file(run: ImportRun, data: bytes) -> None:
    for number, start in enumerate(range(0, len(data), PIECE)):
        sealed = seal(b64encode(data[start : start + PIECE]).decode())
        ImportPart.objects.create(run=run, number=number, content_sealed=sealed)


def file_of(run: ImportRun) -> bytes:
    """The file as it was uploaded."""
    pieces = run.parts.order_by("number").values_list("content_sealed", flat=True)
    return b"".join(b64decode(unseal(piece)) for piece in pieces)


def drop_file(run: ImportRun) -> None:
    run.parts.all().delete()


def digest_of(data: bytes) -> str:
    """Tells the same file again; keyed, so that it tells nothing to who lacks the key."""
    return digest("sheet", hashlib.sha256(data).hexdigest()).hex()


def sealed_samples(peeks: list[Peek]) -> str:
    return seal(json.dumps([one.rows for one in peeks], ensure_ascii=False))


def sample_of(run: ImportRun, sheet: int) -> Rows:
    """The first rows of one of the file's worksheets."""
    samples: list[Rows] = json.loads(unseal(run.sample_sealed))
    return samples[sheet]
