"""Rights come from posts that hold today, and the list and the single answer agree."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nianlun.kernel.clock import today
from nianlun.places.models import Community, Post, PostKind
from nianlun.places.policy import RIGHTS, May, Policy
from tests.places import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns() -> dict[str, Community]:
    """Two communities of one subdistrict, one of another."""
    return {
        "home": make.community("home"),
        "next": make.community("next"),
        "far": make.community("far", of=make.subdistrict("other")),
    }


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (PostKind.WORKER, {"home"}),
        (PostKind.SECRETARY, {"home"}),
        (PostKind.SUBDISTRICT, {"home", "next"}),
        (PostKind.ADMINISTRATOR, {"home", "next"}),
    ],
)
def test_a_post_sees_its_place(towns: dict[str, Community], kind: str, seen: set[str]) -> None:
    local = kind in {PostKind.WORKER, PostKind.SECRETARY}
    holder = make.worker(at=towns["home"], kind=kind) if local else make.officer(of=make.subdistrict(), kind=kind)
    assert {community.code for community in Policy(holder).communities()} == seen


@pytest.mark.parametrize("kind", [PostKind.WORKER, PostKind.SUBDISTRICT])
@pytest.mark.parametrize("may", list(May))
def test_list_and_single_answer_agree(towns: dict[str, Community], kind: str, may: May) -> None:
    holder = (
        make.worker(at=towns["home"]) if kind == PostKind.WORKER else make.officer(of=make.subdistrict(), kind=kind)
    )
    listed = {community.code for community in Policy(holder).communities(may)}
    single = {code for code, community in towns.items() if Policy(holder).allows(may, community)}
    assert listed == single
    assert bool(listed) == (may in RIGHTS[kind])


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-9, 9, True)]
)
def test_a_post_holds_within_its_term(
    towns: dict[str, Community], starts: int | None, ends: int | None, holds: bool
) -> None:
    holder = make.user("someone")
    Post.objects.create(
        user=holder,
        kind=PostKind.WORKER,
        subdistrict=towns["home"].subdistrict,
        community=towns["home"],
        starts_on=None if starts is None else today() + timedelta(days=starts),
        ends_on=None if ends is None else today() + timedelta(days=ends),
    )
    assert Policy(holder).communities().exists() is holds


def test_a_closed_account_has_no_rights(towns: dict[str, Community]) -> None:
    holder = make.worker(at=towns["home"])
    holder.is_active = False
    holder.save()
    assert not Policy(holder).communities().exists()
