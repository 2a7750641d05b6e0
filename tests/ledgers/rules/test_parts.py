"""Values of more than a word, as they are read."""

from __future__ import annotations

import pytest

from nianlun.kernel.fields import FieldError
from nianlun.ledgers.declarations.model import FieldSpec
from nianlun.ledgers.rules.parts import read_location

AT = FieldSpec.model_validate({"code": "at", "title": "位置", "kind": "location"})


@pytest.mark.parametrize("said", ["nan, nan", "116.4, nan", "Infinity, 0", "116.4", "a, b", "200, 40", "116.4, 91"])
def test_a_location_is_two_numbers_of_degrees(said: str) -> None:
    with pytest.raises(FieldError):
        read_location(said, AT)
