"""Every page that a person can reach by links in the demo: it answers, fits a phone, and axe finds nothing serious."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from nianlun.demo.load import load
from nianlun.places.models import User
from nianlun.ui.registers.register import declared
from tests.places import make

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 900), (390, 844))
ALIKE = 5  # addresses of one kind and register that are asked for; hundreds differ in a filter only
SERIOUS = {"serious", "critical"}
LOOK = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"
LINK = re.compile(r'href="([^"#]+)')
# What these people reach between them is every page of the product.
PEOPLE = ("shuji", "minzheng", "jiedao", "admin", "shuiku")
MUST_REACH = {
    "places:people", "places:post", "places:new_account", "places:bodies", "places:password",
    "places:office", "places:new_community", "places:new_officer", "places:officer", "places:watch", "places:backups",
    "places:sessions", "places:second_factor",
    "plans:list", "plans:new", "plans:plan", "plans:version", "plans:adopt", "plans:new_version",
    "duties:desk", "duties:week", "duties:calendar", "duties:progress", "duties:behind", "duties:overview",
    "duties:occurrence", "duties:duty", "duties:new_duty", "duties:handing_out", "duties:leave",
    "duties:feed_settings", "duties:holidays", "duties:named_days",
    "ledgers:home", "ledgers:new", "ledgers:blank", "ledgers:about", "ledgers:overdue",
    "ledgers:serve", "ledgers:gather", "ledgers:places", "ledgers:fan_out",
}  # fmt: skip


@pytest.fixture
def demo(transactional_db: None) -> Iterator[None]:
    load(entries=0.1)
    yield


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def reached(client: Client) -> dict[str, str]:
    """One address for each kind of page that links lead to, found from the first page on."""
    found: dict[str, str] = {}
    waiting = ["/", "/password/"]
    seen: set[str] = set()
    asked: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        match = resolve(urlsplit(address).path)
        alike = f"{kind_of(address)} {match.kwargs.get('register', '')}"  # of each ledger some
        if address in seen or asked[alike] == ALIKE:
            continue
        seen.add(address)
        asked[alike] += 1
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if answer.redirect_chain:
            address = answer.redirect_chain[-1][0]
        kind = kind_of(address)
        if isinstance(answer, StreamingHttpResponse):
            answer.getvalue()  # read to its end, which closes the file behind it
        if kind in found or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        found[kind] = address
        for link in LINK.findall(answer.content.decode()):
            target = urljoin(address, link.replace("&amp;", "&"))
            path = urlsplit(target).path
            if target.startswith("/") and not path.startswith("/static/") and kind_of(target) not in found:
                waiting.append(target)
    return found


def kind_of(address: str) -> str:
    """The name of the view, its tab where it has several, and the register it shows: pages that are made alike."""
    parts = urlsplit(address)
    tab = dict(parse_qsl(parts.query)).get("view", "")
    match = resolve(parts.path)
    shown = match.kwargs.get("register")
    code = str(getattr(shown, "code", shown or ""))
    register = code if not code or declared(code) else "ledger"  # ledgers are made alike
    return " ".join(word for word in (match.view_name, register, tab) if word)


def test_pages_fit_and_are_accessible(demo: None, page: Page, live_server: LiveServer) -> None:
    checked: set[str] = set()
    wrong: list[str] = []
    for username in PEOPLE:
        client = client_of(username)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        for kind, address in reached(client).items():
            if kind not in checked:
                checked.add(kind)
                page.goto(live_server.url + address)
                wrong += wrongs(page, address)
    assert wrong == []
    assert {kind.partition(" ")[0] for kind in checked} >= MUST_REACH


def wrongs(page: Page, address: str) -> Iterator[str]:
    """What does not fit or is not accessible on the open page, first at a desk, then as a phone shows it."""
    page.evaluate(AXE_SCRIPT)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{address} is {wide} px wide at {width}"
        for violation in page.evaluate(LOOK):
            if violation["impact"] in SERIOUS:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                yield f"{address} at {width}: {violation['id']}: {nodes}"


def test_to_a_stranger_nothing_of_the_community_exists(demo: None) -> None:
    make.secretary("stranger", at=make.community("far", of=make.subdistrict("other")))
    stranger, nobody = client_of("stranger"), Client()
    for address in {**reached(client_of("shuji")), **reached(client_of("shuiku"))}.values():
        if address.startswith("/c/"):
            assert stranger.get(address).status_code == 404, address
            assert nobody.get(address).status_code == 302, address
