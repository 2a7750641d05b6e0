"""Where things lie on disk: the checkout (or the installed package) and the folder of changing data."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
STATIC_BUILD = PACKAGE / "ui" / "static" / "build"


def var_folder() -> Path:
    """The folder of changing data: NIANLUN_VAR, else `var/` of the checkout, else `var/` below the current folder."""
    if named := os.environ.get("NIANLUN_VAR"):
        return Path(named).resolve()
    checkout = PACKAGE.parent.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"
