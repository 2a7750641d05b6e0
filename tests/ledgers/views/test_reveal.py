"""A phone that somebody left with an entry is shown for a purpose, which is kept; and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from nianlun.kernel.clock import now
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.files import forget_unfiled
from nianlun.ledgers.models import EntryFile
from nianlun.ledgers.rights import may_reveal
from nianlun.places.models import PostKind, User
from nianlun.places.policy import Policy
from tests.ledgers.make import hazard, yard
from tests.ledgers.views.test_form import sent
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db


def test_a_phone_is_shown_for_a_purpose_that_is_kept() -> None:
    world = yard()
    entry = hazard(world.one, world.home, party_phone="13800138000")
    address = f"/c/wutong/hazard/{entry.pk}/reveal/party_phone/"
    client = client_of(world.one)
    assert address in client.get(f"/c/wutong/hazard/{entry.pk}/").content.decode()
    assert client.post(address, {"purpose": "看"}).status_code == 422
    shown = client.post(address, {"purpose": "通知对方整改期限"})
    assert "13800138000" in shown.content.decode()
    told = AuditRow.objects.get(action="secret.revealed")
    assert told.detail["purpose"] == "通知对方整改期限" and "13800138000" not in str(told.detail)
    office = make.officer(of=world.home.subdistrict)
    assert client_of(office).post(address, {"purpose": "通知对方整改期限"}).status_code == 403
    assert client_of(world.stranger).post(address, {"purpose": "通知对方整改期限"}).status_code == 404
    assert client.post(address.replace("party_phone", "found"), {"purpose": "通知对方整改期限"}).status_code == 404


def test_a_grid_worker_is_shown_what_they_filed_or_are_named_in_although_it_lies_in_no_grid() -> None:
    world = yard()
    walker = make.worker("walker", at=world.home, kind=PostKind.GRID_WORKER)
    make.worker("other", at=world.home, kind=PostKind.GRID_WORKER)
    entry = hazard(walker, world.home, party_phone="13800138000")
    assert entry.grid is None and may_reveal(Policy(walker), entry)
    of_another = hazard(world.one, world.home, party_phone="13800138000")
    assert not may_reveal(Policy(walker), of_another)
    of_another.data["handler"] = str(walker.pk)
    assert may_reveal(Policy(walker), of_another)
    assert not may_reveal(Policy(User.objects.get(username="other")), of_another)


def test_an_entry_counts_for_the_lines_that_were_ticked() -> None:
    world = yard()
    form = sent(found="楼道堆物", category="fire", severity="minor", lines=["safety", "grid", "nonsense"])
    address = client_of(world.one).post("/c/wutong/hazard/new/", form)["Location"]
    assert "网格化管理" in client_of(world.one).get(address).content.decode()


def test_files_that_no_entry_took_go_after_a_week(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = yard()
    for days in (1, 8):
        EntryFile.objects.create(
            community=world.home, name="a.jpg", kind="image/jpeg", size=1, added_by=world.one,
            file=ContentFile(b"a", "a.jpg"), added_at=now() - timedelta(days=days),
        )  # fmt: skip
    assert forget_unfiled() == 1 and EntryFile.objects.count() == 1
