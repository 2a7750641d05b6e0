"""A community with its secretary, for tests of plans."""

from __future__ import annotations

import pytest

from nianlun.places.models import Community, User
from nianlun.plans.models import PlanVersion
from tests.places import make
from tests.plans import making


@pytest.fixture
def community(db: None) -> Community:
    return make.community()


@pytest.fixture
def secretary(community: Community) -> User:
    return make.secretary(at=community)


@pytest.fixture
def version(community: Community, secretary: User) -> PlanVersion:
    """A plan in review."""
    return making.in_review(community, secretary)
