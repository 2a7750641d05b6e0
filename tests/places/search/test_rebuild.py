"""The index can be made anew from the records, and follows a change of the index key."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import Digest
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.rotation import digests_made_anew
from nianlun.places.models import Findable, Resident
from nianlun.places.search.rebuild import rebuild
from tests.places import make
from tests.places.search.make import building, resident, room

pytestmark = pytest.mark.django_db


def test_it_finds_again_what_was_lost_and_forgets_what_is_gone() -> None:
    at = make.community()
    one = resident("张三丰", at=at, room=room(of=building(at=at)))
    before = list(Findable.objects.order_by("kind").values())
    Findable.objects.filter(kind="resident").delete()
    Findable.objects.create(
        kind="grid", record_id=uuid7(), subdistrict=at.subdistrict, community=at, title="旧网格", grams=[]
    )
    call_command("reindex", verbosity=0)
    after = list(Findable.objects.order_by("kind").values())
    assert [{**row, "id": None} for row in before] == [{**row, "id": None} for row in after]
    Resident.objects.filter(pk=one.pk).delete()
    rebuild()
    assert not Findable.objects.filter(kind="resident").exists()


def test_what_is_right_already_is_not_written() -> None:
    at = make.community()
    resident("张三丰", at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM places_findable")
        before = cursor.fetchall()
        rebuild()
        cursor.execute("SELECT xmin::text FROM places_findable")
        assert cursor.fetchall() == before


def test_numbers_are_found_by_their_new_digests() -> None:
    at = make.community()
    resident("张三丰", at=at, phone="13900001234")
    Resident.objects.update(phone_digest=digest("phone", "13900005678"))
    before = Findable.objects.get().grams
    digests_made_anew.send(sender=Digest)
    after = Findable.objects.get().grams
    assert len(set(after) - set(before)) == len(set(before) - set(after)) == 1
