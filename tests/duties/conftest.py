from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.duties import make


@pytest.fixture
def world(db: None) -> Iterator[make.World]:
    """A small community on Wednesday, 10 March 2027."""
    with make.at(2027, 3, 10):
        yield make.world()
