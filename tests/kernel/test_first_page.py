"""The application as a whole answers in a real browser, styles and scripts included, and asks other hosts nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_stranger_is_asked_to_sign_in(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url)
    assert page.locator("form input[type=password]").is_visible()
    assert page.evaluate("typeof window.htmx + typeof window.Alpine") == "objectobject"
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Noto Sans CJK SC"')
    assert {address.startswith((live_server.url, "data:")) for address in asked} == {True}
