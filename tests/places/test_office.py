"""A subdistrict begins with one command; its administrator adds communities and accounts of the office."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from nianlun.places.models import Community, PostKind, Subdistrict, User
from tests.places import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> User:
    made = make.officer("chief", of=make.subdistrict(), kind=PostKind.ADMINISTRATOR)
    client.force_login(made)
    return made


def test_an_empty_database_is_begun_by_one_command(client: Client) -> None:
    said = StringIO()
    call_command("found", "lihe", "漓河街道", "--admin", "guanli", "--community", "liu=柳溪社区", stdout=said)
    assert Community.objects.get(code="liu").subdistrict.name == "漓河街道"
    username, password, *_ = said.getvalue().split()
    assert client.post("/login/", {"username": username, "password": password})["Location"] == "/"
    assert client.get("/subdistrict/lihe/")["Location"] == "/password/"


@pytest.mark.parametrize("wrong", [["--community", "liu"], ["--admin", "taken"]])
def test_a_beginning_that_fails_leaves_nothing(wrong: list[str]) -> None:
    make.user("taken")
    with pytest.raises(CommandError):
        call_command("found", "lihe", "漓河街道", *wrong)
    assert not Subdistrict.objects.exists()


def test_an_administrator_adds_a_community_and_then_its_secretary(client: Client, chief: User) -> None:
    answer = client.post("/subdistrict/qinghe/communities/new/", {"name": "东篱社区", "code": "dongli"})
    assert answer["Location"] == "/c/dongli/people/new/"
    assert client.get(answer["Location"]).status_code == 200
    again = client.post("/subdistrict/qinghe/communities/new/", {"name": "东篱社区", "code": "dongli"})
    assert again.status_code == 422 and "已有社区使用" in again.content.decode()


def test_an_officer_is_made_reset_ended_and_reopened(client: Client, chief: User) -> None:
    given = {"username": "ke", "name": "科员", "kind": "subdistrict", "title": "民政办"}
    shown = client.post("/subdistrict/qinghe/officers/new/", given).content.decode()
    first = re.search(r'id="first-password">([^<]+)<', shown)
    made = User.objects.get(username="ke")
    assert first is not None and made.check_password(first[1])
    post = made.posts.get()
    client.post(f"/subdistrict/qinghe/officers/{post.pk}/reset/")
    made.refresh_from_db()
    assert not made.check_password(first[1])
    client.post(f"/subdistrict/qinghe/officers/{post.pk}/end/")
    made.refresh_from_db()
    assert not made.is_active
    assert "恢复" in client.get("/subdistrict/qinghe/").content.decode()
    client.post(f"/subdistrict/qinghe/officers/{post.pk}/reopen/")
    made.refresh_from_db()
    assert made.is_active


def test_only_its_administrator_enters_the_office(client: Client, chief: User) -> None:
    looker, stranger = Client(), Client()
    looker.force_login(make.officer("looker", of=make.subdistrict()))
    other = make.officer("stranger", of=make.subdistrict("other"), kind=PostKind.ADMINISTRATOR)
    stranger.force_login(other)
    for page in ("", "communities/new/", "officers/new/"):
        assert looker.get(f"/subdistrict/qinghe/{page}").status_code == 403
        assert stranger.get(f"/subdistrict/qinghe/{page}").status_code == 404
    theirs = other.posts.get()
    assert client.post(f"/subdistrict/qinghe/officers/{theirs.pk}/reset/").status_code == 404
