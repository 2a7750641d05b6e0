"""Keys change while values stay: everything opens before, during and after, however often it is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from nianlun.kernel.models import KeyCheck
from nianlun.kernel.sealing import rotation
from nianlun.kernel.sealing.columns import Digest, MapDigest, SealedMap, SealedText
from nianlun.kernel.sealing.columns_found import columns
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.keys import key_file, ring
from nianlun.kernel.sealing.ring import fresh_key, fresh_ring, parse
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.ledgers.models import Entry, EntryDigest, LedgerVersion
from nianlun.places.models import Resident
from tests.places import make

pytestmark = pytest.mark.django_db

PHONES = [f"1381234{number:04}" for number in range(25)]


@pytest.fixture(autouse=True)
def small_batches(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of keys of its own, and batches small enough that there are several."""
    monkeypatch.delenv("NIANLUN_KEY")
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(rotation.reseal, "__defaults__", (10,))
    monkeypatch.setattr(rotation.redigest, "__defaults__", (10,))


@pytest.fixture
def residents() -> list[Resident]:
    home = make.community()
    return Resident.objects.bulk_create(
        Resident(
            subdistrict=home.subdistrict,
            community=home,
            name=f"居民{phone[-2:]}",
            phone_sealed=seal(phone),
            phone_digest=digest("phone", phone),
            phone_tail_digest=digest("phone_tail", phone),
        )
        for phone in PHONES
    )


def keys(*arguments: str) -> str:
    said = StringIO()
    call_command("keys", *arguments, stdout=said)
    return said.getvalue()


def opened() -> list[str]:
    return [unseal(sealed) for sealed in Resident.objects.order_by("name").values_list("phone_sealed", flat=True)]


def sealing_keys() -> set[str]:
    return {sealed.partition(":")[0] for sealed in Resident.objects.values_list("phone_sealed", flat=True)}


def test_every_secret_column_is_known_to_a_change_of_keys() -> None:
    sealed = {str(column): column for column in columns(SealedText, SealedMap)}
    assert {"places.resident.phone_sealed", "ledgers.entry.sealed"} <= set(sealed)
    for column in columns(Digest):
        if isinstance(column.field, MapDigest):
            assert column.field.map and column.field.code_in and column.field.kind_in
        else:
            assert isinstance(column.field, Digest) and column.field.kind
            assert f"{column.model._meta.label_lower}.{column.field.of}" in sealed


def test_values_in_a_map_are_changed_and_counted_like_all_others() -> None:
    home = make.community()
    version = LedgerVersion.objects.get(code="visit", kind=LedgerVersion.Kind.LEDGER)
    entry = Entry.objects.create(
        subdistrict=home.subdistrict, community=home, ledger="visit", ledger_version=version, title="一次",
        status="noted", recorded_by=make.user("someone"),
        sealed={"tel": seal(PHONES[0]), "id": seal("33010219900101123X"), "gone": "gone:AAAA"},
    )  # fmt: skip
    EntryDigest.objects.create(entry=entry, field="tel", kind="phone_tail", digest=b"old")
    EntryDigest.objects.create(entry=entry, field="empty", kind="phone", digest=b"kept")
    old = ring().sealing.id
    with pytest.raises(CommandError, match=r"1 in ledgers\.entry\.sealed"):
        keys("rotate")
    entry.refresh_from_db()
    assert unseal(entry.sealed["tel"]) == PHONES[0] and unseal(entry.sealed["id"]) == "33010219900101123X"
    assert {value.partition(":")[0] for value in entry.sealed.values()} == {ring().sealing.id, "gone"}
    assert f"{ring().sealing.id:16} seal   in use  2 values" in keys("list")
    keys("drop", old)
    keys("redigest", "--new-key")
    assert EntryDigest.objects.get(field="tel").digest == digest("phone_tail", PHONES[0])
    assert EntryDigest.objects.get(field="empty").digest == b"kept"


def test_a_key_that_a_map_needs_is_not_dropped() -> None:
    home = make.community()
    version = LedgerVersion.objects.create(code="visits", version=1, title="走访", words="")
    old = ring().sealing.id
    Entry.objects.create(
        subdistrict=home.subdistrict, community=home, ledger="visits", ledger_version=version, title="一次",
        status="open", recorded_by=make.user("someone"), sealed={"tel": seal(PHONES[0])},
    )  # fmt: skip
    rotation.add_key("seal")
    with pytest.raises(CommandError, match=f"1 values with {old}"):
        keys("drop", old)


def test_rotation_puts_every_value_under_the_new_key_and_the_old_one_can_go(residents: list[Resident]) -> None:
    keys("check")
    old = ring().sealing.id
    said = keys("rotate")
    new = ring().sealing.id
    assert f"new key {new}" in said and "resealed: 25 values" in said and f"no longer in use: {old}" in said
    assert opened() == PHONES and sealing_keys() == {new}
    assert set(Resident.objects.values_list("revision", flat=True)) == {1}
    keys("drop", old)
    assert old not in key_file().read_text()
    assert not KeyCheck.objects.filter(key_id=old).exists()
    keys("check")
    assert opened() == PHONES


def test_a_rotation_broken_off_opens_everything_and_goes_on_without_a_third_key(
    residents: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ring().sealing.id

    def seal_thirteen() -> Iterator[None]:
        for _ in range(13):
            yield
        raise KeyboardInterrupt

    left = seal_thirteen()

    def seal_until_killed(plain: str) -> str:
        next(left)
        return seal(plain)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rotation, "seal", seal_until_killed)
        keys("rotate")
    new = ring().sealing.id
    assert sealing_keys() == {old, new} and opened() == PHONES
    with pytest.raises(CommandError, match=f"15 values with {old}"):
        keys("drop", old)
    assert "resealed: 15 values" in keys("rotate")
    assert len(ring().ciphers) == 2 and sealing_keys() == {new} and opened() == PHONES


def test_a_value_that_cannot_be_opened_is_left_and_told(residents: list[Resident]) -> None:
    Resident.objects.filter(pk=residents[3].pk).update(phone_sealed="gone:AAAA")
    with pytest.raises(CommandError, match=r"left as they are: 1 in places\.resident\.phone_sealed"):
        keys("rotate")
    assert sealing_keys() == {"gone", ring().sealing.id}
    assert "gone             LOST          1 values" in keys("list")


@pytest.mark.parametrize("new_key", [True, False])
def test_digests_are_made_anew(residents: list[Resident], new_key: bool) -> None:
    old = ring().index.id
    bare = residents[0]
    Resident.objects.filter(pk=bare.pk).update(phone_sealed="")
    keys("redigest", *(["--new-key"] if new_key else []))
    assert (ring().index.id != old) is new_key
    assert [key.kind for key in ring().keys].count("index") == 1
    bare.refresh_from_db()
    assert bare.phone_digest is None and bare.phone_tail_digest is None
    assert Resident.objects.get(phone_digest=digest("phone", PHONES[7])).pk == residents[7].pk
    assert Resident.objects.get(phone_tail_digest=digest("phone_tail", PHONES[8])).pk == residents[8].pk
    keys("check")


def test_keys_in_use_or_unknown_are_not_dropped(residents: list[Resident]) -> None:
    with pytest.raises(CommandError, match="in use"):
        keys("drop", ring().sealing.id)
    with pytest.raises(CommandError, match="no key nosuch"):
        keys("drop", "nosuch")


def test_the_list_tells_ids_and_counts_and_no_secret(residents: list[Resident]) -> None:
    said = keys("list")
    assert f"{ring().sealing.id:16} seal   in use  25 values" in said
    assert not any(key.line().rpartition(":")[2] in said for key in ring().keys)


def test_keys_of_the_environment_are_rotated_by_whoever_sets_them(
    residents: list[Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_file().read_text()
    monkeypatch.setenv("NIANLUN_KEY", before)
    with pytest.raises(CommandError, match="NIANLUN_KEY: add this at its end") as told:
        keys("rotate")
    line = str(told.value).splitlines()[-1]
    monkeypatch.setenv("NIANLUN_KEY", before + line)
    assert "resealed: 25 values" in keys("rotate")
    old = parse(before, "").sealing.id
    assert "take it out of NIANLUN_KEY" in keys("drop", old)
    monkeypatch.setenv("NIANLUN_KEY", f"{ring().index.line()};{line}")
    keys("check")
    assert opened() == PHONES


def test_a_ring_keeps_the_order_in_which_keys_came() -> None:
    first, later = fresh_ring(), fresh_key("seal")
    assert parse(first.text() + later.line(), "").sealing == later
