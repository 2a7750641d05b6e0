"""Small places and people for tests of any room."""

from __future__ import annotations

from nianlun.places.models import Community, Grid, Post, PostKind, Subdistrict, User

PASSWORD = "right horse of spring"


def subdistrict(code: str = "qinghe") -> Subdistrict:
    return Subdistrict.objects.get_or_create(code=code, defaults={"name": f"{code}街道"})[0]


def community(code: str = "wutong", *, of: Subdistrict | None = None) -> Community:
    found, _ = Community.objects.get_or_create(
        code=code, defaults={"name": f"{code}社区", "subdistrict": of or subdistrict()}
    )
    return found


def user(username: str, *, name: str = "", signed_up: bool = True) -> User:
    made = User.objects.create_user(username, PASSWORD, name=name or username)
    made.must_change_password = not signed_up
    made.save()
    return made


def worker(username: str = "worker", *, at: Community, kind: str = PostKind.WORKER, title: str = "") -> User:
    """A user with a post in a community."""
    made = user(username)
    Post.objects.create(user=made, kind=kind, subdistrict=at.subdistrict, community=at, title=title)
    return made


def secretary(username: str = "secretary", *, at: Community) -> User:
    return worker(username, at=at, kind=PostKind.SECRETARY)


def officer(username: str = "officer", *, of: Subdistrict, kind: str = PostKind.SUBDISTRICT) -> User:
    """A user with a post over a whole subdistrict."""
    made = user(username)
    Post.objects.create(user=made, kind=kind, subdistrict=of)
    return made


def grid(code: str = "g1", *, at: Community) -> Grid:
    return Grid.objects.create(subdistrict=at.subdistrict, community=at, code=code, name=f"{code}网格")
