"""The key that signs sessions: from the environment, else made once and kept in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(var: Path) -> str:
    """NIANLUN_SECRET_KEY, else the content of `var/secret_key`, made at first use with mode 0600."""
    if given := os.environ.get("NIANLUN_SECRET_KEY"):
        return given
    path = var / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    var.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48)
    handle, written = tempfile.mkstemp(dir=var)  # of mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh)
    with suppress(FileExistsError):  # another process of ours was first: its key is the one
        os.link(written, path)
    Path(written).unlink()
    return path.read_text(encoding="ascii").strip()
