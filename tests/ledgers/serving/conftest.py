from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.duties import make


@pytest.fixture
def world(db: None) -> Iterator[make.World]:
    """A small community on Wednesday, 10 March 2027."""
    with make.at(2027, 3, 10):
        yield make.world()


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield
