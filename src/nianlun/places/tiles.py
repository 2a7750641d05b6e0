"""The picture below the map, if the machine's keeper has set one: an address of tiles and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Tiles:
    """An address with {z}, {x} and {y}, and the line that the tiles' owner asks to be shown."""

    address: str
    attribution: str = ""

    @property
    def origin(self) -> str:
        """From where the browser may then load pictures, as the content security policy writes it."""
        scheme, _, rest = self.address.partition("://")
        return f"{scheme}://{re.sub(r'[{][^}]*[}]', '*', rest.partition('/')[0])}"


def tiles() -> Tiles | None:
    """As NIANLUN_TILES says: the address, and after a | the attribution; None where none is set."""
    address, _, attribution = settings.NIANLUN_TILES.partition("|")
    return Tiles(address.strip(), attribution.strip()) if address.strip() else None
