"""The file of keys: private, made once, never made anew where values wait for the old one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from nianlun.kernel.models import KeyCheck
from nianlun.kernel.sealing.checks import check_keys
from nianlun.kernel.sealing.errors import KeyLost, KeyRingError
from nianlun.kernel.sealing.keys import change_file, key_file, read, ring
from nianlun.kernel.sealing.ring import Key, fresh_key, fresh_ring, parse
from nianlun.kernel.sealing.seal import seal, unseal

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data without keys."""
    monkeypatch.delenv("NIANLUN_KEY")
    settings.VAR = tmp_path / "var"
    return tmp_path / "var"


def test_the_first_use_makes_a_file_that_only_its_owner_reads(var: Path) -> None:
    sealed = seal("甲")
    assert key_file() == var / "data_keys"
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert [key.kind for key in ring().keys] == ["index", "seal"]
    assert unseal(sealed) == "甲"
    assert sorted(path.name for path in var.iterdir()) == ["data_keys"]


def test_a_file_that_others_can_read_is_refused(var: Path) -> None:
    seal("甲")
    key_file().chmod(0o640)
    with pytest.raises(KeyRingError) as refused:
        read(key_file())
    assert "0640" in refused.value.console and f"chmod 600 {key_file()}" in refused.value.console


def test_a_file_that_another_process_changed_is_seen(var: Path) -> None:
    before = seal("甲")
    fresh = fresh_key("seal")
    text = key_file().read_text()
    key_file().write_text(f"{text}{fresh.line()}\n")
    assert seal("甲").startswith(f"{fresh.id}:") and unseal(before) == "甲"


def test_two_processes_make_one_file(tmp_path: Path) -> None:
    code = (
        "import sys, django\nfrom django.conf import settings\n"
        "settings.configure(VAR=sys.argv[1], INSTALLED_APPS=['nianlun.kernel'])\ndjango.setup()\n"
        "from nianlun.kernel.sealing import keys\n"
        "keys.KeyCheck.objects.exists = lambda: False\n"
        "print(keys.ring().text())\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "NIANLUN_KEY"}
    command = [sys.executable, "-c", code, str(tmp_path / "var")]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate(timeout=60)[0] for process in running}
    assert {process.returncode for process in running} == {0}
    assert said == {(tmp_path / "var" / "data_keys").read_text() + "\n"}


def test_a_lost_file_stops_the_start_and_is_not_made_anew(var: Path) -> None:
    check_keys()
    sealed = seal("甲")
    kept = key_file().rename(var / "elsewhere")
    with pytest.raises(CommandError) as told:
        call_command("keys", "check")
    assert str(key_file()) in str(told.value) and "backup" in str(told.value) and "never" in str(told.value)
    assert not key_file().exists()
    kept.rename(key_file())
    call_command("keys", "check")
    assert unseal(sealed) == "甲"


def test_another_file_stops_the_start(var: Path) -> None:
    check_keys()
    lost = ring().sealing.id
    key_file().write_text(fresh_ring().text())
    with pytest.raises(KeyRingError) as told:
        check_keys()
    assert lost in told.value.console
    assert "密钥" in told.value.message


def test_another_key_under_the_same_id_stops_the_start(var: Path) -> None:
    check_keys()
    seal_key, index = ring().sealing, ring().index
    others = (Key(index.id, "index", index.secret), Key(seal_key.id, "seal", bytes(16)))
    key_file().write_text("".join(f"{key.line()}\n" for key in others))
    with pytest.raises(KeyRingError):
        check_keys()
    key_file().write_text(f"{Key(index.id, 'index', bytes(32)).line()}\n{seal_key.line()}\n")
    with pytest.raises(KeyRingError):
        check_keys()


def test_new_keys_are_noted_once(var: Path) -> None:
    check_keys()
    change_file(add=(fresh_key("seal"),))
    check_keys()
    check_keys()
    assert sorted(KeyCheck.objects.values_list("key_id", flat=True)) == sorted(key.id for key in ring().keys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one key"),
        ("a1:seal:AAAA", "has 3 bytes, seal keys have 16"),
        ("a1:sale:AAAA", "key 1 of NIANLUN_KEY is not of the form"),
        ("A-1:seal:AAAA", "is not of the form"),
        ("a1:seal:秘密秘密", "does not end in base64"),
        ("a1:seal:nEA8oVREqqBXPgCF31Irhw==", "at least one key of kind seal and one of kind index"),
        (f"{(same := fresh_ring().text())}{same}", "names a key twice"),
    ],
)
def test_what_is_wrong_with_keys_is_told_without_their_secrets(text: str, said: str) -> None:
    with pytest.raises(KeyRingError) as refused:
        parse(text, "NIANLUN_KEY")
    assert said in refused.value.console
    assert "秘密" not in refused.value.console


def test_the_environment_goes_before_the_file(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("甲")
    monkeypatch.setenv("NIANLUN_KEY", f"# ours\n{fresh_ring().text()}")
    with pytest.raises(KeyLost):
        unseal(sealed)
    with pytest.raises(KeyRingError):
        change_file(add=(fresh_key("seal"),))


def test_a_key_does_not_show_its_secret() -> None:
    key = fresh_key("seal")
    assert "secret" not in repr(key)
