"""A community whose stalls come and go by sheets."""

from __future__ import annotations

import pytest
from django.test import Client

from nianlun.places.models import Community, User
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers import register as registers
from tests.places import make
from tests.ui.sheets.stalls import Stalls


@pytest.fixture(autouse=True)
def stalls(monkeypatch: pytest.MonkeyPatch) -> Stalls:
    declared = Stalls()
    monkeypatch.setitem(registers._registers, "stalls", declared)
    return declared


@pytest.fixture
def home(db: None) -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary(at=home)


@pytest.fixture
def viewer(home: Community, boss: User) -> CommunityViewer:
    return CommunityViewer(boss, home, Policy(boss))


@pytest.fixture
def at_desk(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client
