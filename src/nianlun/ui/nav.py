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
    pages = [link.address.partition("?")[0] for link in found]
    longest = max((len(page) for page in pages if request.path.startswith(page)), default=0)
    return [
        Link(link.title, link.address, link.icon, request.path.startswith(page) and len(page) == longest)
        for link, page in zip(found, pages, strict=True)
    ]
