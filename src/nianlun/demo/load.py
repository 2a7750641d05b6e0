"""Loads the demo once; a database that has a subdistrict already is left as it is."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from django.db import transaction

from nianlun.demo.bindings import load_bindings
from nianlun.demo.duties import SECRETARIES, load_duties
from nianlun.demo.entries.load import load_entries
from nianlun.demo.people import BODIES, COMMUNITIES, PASSWORD, PEOPLE, SHOWN, SUBDISTRICT
from nianlun.demo.place_by_place import load_place_by_place
from nianlun.demo.plans import load_plans
from nianlun.demo.register.load import load_register
from nianlun.demo.ring import load_ring
from nianlun.places.models import Body, Community, Member, Post, Subdistrict, User


def load(*, entries: float = 1) -> bool:
    """Everything of the demo in one transaction, if there is no subdistrict yet; says whether it was loaded.

    `entries`: how much of the year's entries is wanted.
    """
    if Subdistrict.objects.exists():
        return False
    with transaction.atomic():
        users = _places_and_people()
        load_plans(users)
        load_bindings(users, SECRETARIES)
        load_duties(users)
        load_register(users)
        if entries:
            load_entries(share=entries)
            load_ring(users, SECRETARIES)
            load_place_by_place(users)
    return True


def sign_ins() -> Iterator[str]:
    """The demo's sign-ins, for those whose password is still the demo's."""
    there = {user.username for user in User.objects.filter(username__in=SHOWN) if user.check_password(PASSWORD)}
    for person in PEOPLE:
        if person.username in there:
            yield f"  {person.username:10} {PASSWORD}   {person.name} {person.title or person.kind}"


def _places_and_people() -> dict[str, User]:
    code, name = SUBDISTRICT
    subdistrict = Subdistrict.objects.create(code=code, name=name)
    communities = {
        code: Community.objects.create(subdistrict=subdistrict, code=code, name=name)
        for code, name in COMMUNITIES.items()
    }
    users: dict[str, User] = {}
    hashed = make_password(PASSWORD)  # once for all: it is slow on purpose
    for person in PEOPLE:
        user = User.objects.create(
            username=person.username, name=person.name, password=hashed, must_change_password=False
        )
        Post.objects.create(
            user=user,
            kind=person.kind,
            subdistrict=subdistrict,
            community=communities[person.community] if person.community else None,
            title=person.title,
            lines=list(person.lines),
        )
        users[person.username] = user
    for community, bodies in BODIES.items():
        for title, members in bodies.items():
            body = Body.objects.create(community=communities[community], name=title)
            body.members.bulk_create(Member(body=body, user=users[member]) for member in members)
    return users
