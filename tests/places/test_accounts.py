"""Accounts are made and reset by the secretary or an administrator; strangers get 404, the wrong post 403."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, Post, PostKind, User
from tests.places import make

pytestmark = pytest.mark.django_db
NEW = {"username": "newcomer", "name": "新人", "kind": "worker", "title": "网格员", "lines": ["grid"]}


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community, client: Client) -> User:
    made = make.secretary(at=home)
    client.force_login(made)
    return made


def pages(post: Post) -> list[str]:
    at = f"/c/{post.community.code if post.community else ''}"
    return [f"{at}/people/", f"{at}/people/new/", f"{at}/people/{post.pk}/"]


def test_a_new_account_signs_in_with_the_password_shown_once(client: Client, boss: User, home: Community) -> None:
    shown = client.post("/c/wutong/people/new/", NEW).content.decode()
    first = re.search(r'id="first-password">([^<]+)<', shown)
    assert first is not None
    other = Client()
    assert other.post("/login/", {"username": "newcomer", "password": first[1]}).status_code == 302
    assert other.get("/")["Location"] == "/password/"
    assert first[1] not in client.get("/c/wutong/people/").content.decode()
    assert AuditRow.objects.get(action="user.made").actor_id == boss.pk
    assert first[1] not in str(list(AuditRow.objects.values()))


def test_a_name_in_use_is_refused_and_says_so(client: Client, boss: User) -> None:
    client.post("/c/wutong/people/new/", NEW)
    again = client.post("/c/wutong/people/new/", NEW)
    assert again.status_code == 422 and "已有人使用" in again.content.decode()


def test_no_one_can_make_a_post_above_the_community(client: Client, boss: User) -> None:
    assert client.post("/c/wutong/people/new/", {**NEW, "kind": "administrator"}).status_code == 422
    assert not User.objects.filter(username="newcomer").exists()


def test_a_reset_password_replaces_the_old_one(client: Client, boss: User, home: Community) -> None:
    held = make.worker(at=home).posts.get()
    shown = client.post(f"/c/wutong/people/{held.pk}/reset/").content.decode()
    first = re.search(r'id="first-password">([^<]+)<', shown)
    held.user.refresh_from_db()
    assert first is not None and held.user.check_password(first[1]) and held.user.must_change_password
    assert not held.user.check_password(make.PASSWORD)


def test_leaving_closes_the_account_and_can_be_undone(client: Client, boss: User, home: Community) -> None:
    held = make.worker(at=home).posts.get()
    theirs = Client()
    theirs.force_login(held.user)
    client.post(f"/c/wutong/people/{held.pk}/end/")
    assert theirs.get("/password/").status_code == 302
    client.post(f"/c/wutong/people/{held.pk}/reopen/")
    held.user.refresh_from_db()
    assert held.user.is_active


def test_nobody_ends_their_own_post(client: Client, boss: User) -> None:
    assert client.post(f"/c/wutong/people/{boss.posts.get().pk}/end/").status_code == 422
    boss.refresh_from_db()
    assert boss.is_active


def test_stranger_404_wrong_post_403(home: Community) -> None:
    held = make.worker("held", at=home).posts.get()
    colleague, stranger = Client(), Client()
    colleague.force_login(make.worker("colleague", at=home))
    stranger.force_login(make.secretary("stranger", at=make.community("far", of=make.subdistrict("other"))))
    for page in pages(held):
        assert colleague.get(page).status_code == 403, page
        assert stranger.get(page).status_code == 404, page


def test_a_post_of_another_community_is_not_reached_through_ones_own(client: Client, boss: User) -> None:
    theirs = make.worker("theirs", at=make.community("far", of=make.subdistrict("other"))).posts.get()
    assert client.get(f"/c/wutong/people/{theirs.pk}/").status_code == 404
    assert client.post(f"/c/wutong/people/{theirs.pk}/reset/").status_code == 404


def test_a_password_is_reset_only_by_who_keeps_every_account_of_its_holder(
    client: Client, boss: User, home: Community
) -> None:
    held, far = make.worker("moved", at=home).posts.get(), make.community("far")
    reset = f"/c/wutong/people/{held.pk}/reset/"
    Post.objects.create(user=held.user, kind="secretary", subdistrict=far.subdistrict, community=far)
    assert client.post(reset).status_code == 422
    client.post(f"/c/wutong/people/{held.pk}/end/")
    assert client.post(reset).status_code == 422
    held.user.refresh_from_db()
    assert held.user.check_password(make.PASSWORD)
    client.force_login(make.officer("admin", of=home.subdistrict, kind="administrator"))
    assert client.post(reset).status_code == 200


def test_two_sign_in_names_never_differ_in_case_alone(client: Client, boss: User) -> None:
    client.post("/c/wutong/people/new/", NEW)
    assert client.post("/c/wutong/people/new/", {**NEW, "username": "Newcomer"}).status_code == 422


def test_a_post_to_come_elsewhere_keeps_the_password_out_of_the_community_s_hands(
    client: Client, boss: User, home: Community
) -> None:
    rising = make.worker("rising", at=home)
    tomorrow = today() + timedelta(days=1)
    Post.objects.create(user=rising, kind=PostKind.ADMINISTRATOR, subdistrict=home.subdistrict, starts_on=tomorrow)
    post = rising.posts.get(community=home)
    assert client.post(f"/c/wutong/people/{post.pk}/reset/").status_code == 422
    rising.refresh_from_db()
    assert rising.check_password(make.PASSWORD)
