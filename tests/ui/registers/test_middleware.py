"""The register of an address: a server finds its view in the event loop, where no database may be asked."""

from __future__ import annotations

import pytest
from django.urls import resolve
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", ["hazard/", "hazard/new/", "hazard/export/", "residents/", "ghosts/"])
def test_no_database_is_asked_for_which_view_answers(
    part: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        resolve(f"/c/wutong/{part}")
