"""The links of the side bar, given by each room for the community of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from nianlun.ui.slots import contents


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the side bar; `icon` names a symbol of ui/parts/icons.svg."""

    title: str
    address: str
    icon: str
    here: bool = False


def links(request: HttpRequest) -> list[Link]:
    """Every room's links for this page, flattened in order; a filling gives a list of them."""
    found: list[Link] = [link for given in contents("nav", request) for link in given]
    longest = max((len(link.address) for link in found if request.path.startswith(link.address)), default=0)
    return [
        Link(
            link.title, link.address, link.icon, request.path.startswith(link.address) and len(link.address) == longest
        )
        for link in found
    ]
