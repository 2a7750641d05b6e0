"""A community with plots, and people who look at them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from nianlun.kernel.ids import uuid7
from nianlun.places.models import Community, Estate, User
from nianlun.ui.registers import register as registers
from tests.places import make
from tests.ui.registers.plots import Plots


@pytest.fixture(autouse=True)
def plots(monkeypatch: pytest.MonkeyPatch) -> Plots:
    declared = Plots()
    monkeypatch.setitem(registers._registers, "plots", declared)
    return declared


@pytest.fixture
def home(db: None) -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary(at=home)


@pytest.fixture
def at_desk(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def plot(home: Community, name: str, **more: str) -> Estate:
    told = {"code": name, "kind": "estate", **more}
    return Estate.objects.create(community=home, subdistrict=home.subdistrict, name=name, **told)


def send(client: Client, address: str, told: dict[str, Any]) -> HttpResponse:
    """A form as a browser sends it, with a key of its own."""
    answer = client.post(address, {"client_key": str(uuid7()), **told})
    assert isinstance(answer, HttpResponse)
    return answer
