"""Who keeps the machine sees how old the last backup is, on its page and, when it is old, on every page."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from nianlun.kernel.backup import shelf
from nianlun.kernel.clock import CHINA, frozen
from nianlun.kernel.file_lock import FileLock
from nianlun.kernel.models import AuditRow
from nianlun.places.models import PostKind
from tests.places import make

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 3, 1, 2, 30, tzinfo=CHINA)
PAGES = ("/backups/", "/backups/state/")


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NIANLUN_KEY", raising=False)
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(make.officer("keeper", of=make.subdistrict(), kind=PostKind.ADMINISTRATOR))
    return client


def put(moment: datetime) -> None:
    shelf.folder().mkdir(exist_ok=True)
    (shelf.folder() / f"nianlun-{moment:%Y%m%d-%H%M%S}.tar").write_bytes(b"x" * 2048)


@pytest.mark.parametrize("kind", [PostKind.ADMINISTRATOR, PostKind.SYSTEM_ADMIN])
def test_administrators_see_it(client: Client, kind: str) -> None:
    client.force_login(make.officer(of=make.subdistrict(), kind=kind))
    assert all(client.get(page).status_code == 200 for page in PAGES)


def test_nobody_else_does(client: Client) -> None:
    assert "/login/" in client.get("/backups/")["Location"]
    home = make.community()
    for user in (make.secretary(at=home), make.worker(at=home), make.officer(of=home.subdistrict), make.user("nobody")):
        client.force_login(user)
        assert [client.get(page).status_code for page in PAGES] == [403, 403]
        assert client.post("/backups/make/").status_code == 403
        assert "/backups/" not in client.get("/", follow=True).content.decode()
    assert not ProcrastinateJob.objects.filter(task_name="kernel.backup_now").exists()


def test_the_page_tells_the_last_one_and_lists_them(keeper: Client) -> None:
    put(NIGHT - timedelta(days=1))
    put(NIGHT)
    with frozen(NIGHT + timedelta(hours=6)):
        shown = keeper.get("/backups/").content.decode()
    assert "2027年3月1日 02:30" in shown and "nianlun-20270228-023000.tar" in shown and "共 2 份" in shown
    assert "超过 36 小时" not in shown
    assert str(shelf.folder()) in shown and "data_keys" in shown and "nianlun restore" in shown


@pytest.mark.parametrize(
    ("hours", "said"), [(6, None), (40, "最近一次成功的备份是3月1日，已超过 36 小时"), (None, "还没有成功的备份")]
)
def test_every_page_warns_when_it_is_old(keeper: Client, hours: int | None, said: str | None) -> None:
    if hours is not None:
        put(NIGHT)
    with frozen(NIGHT + timedelta(hours=hours or 0)):
        shown = keeper.get("/subdistrict/qinghe/").content.decode()
    assert (said in shown) if said else ("查看备份" not in shown)


def test_a_failure_is_told_on_the_page_and_elsewhere(keeper: Client) -> None:
    put(NIGHT)
    with frozen(NIGHT + timedelta(hours=3)):
        shelf.note_failure("磁盘已满：请清理磁盘。")
    with frozen(NIGHT + timedelta(hours=4)):
        assert "磁盘已满：请清理磁盘。" in keeper.get("/backups/").content.decode()
        assert "备份没有做成" in keeper.get("/subdistrict/qinghe/").content.decode()


def test_one_is_asked_for_and_the_page_looks_until_it_is_done(
    keeper: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert "hx-trigger" not in keeper.get("/backups/state/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert keeper.post("/backups/make/")["Location"] == "/backups/"
    assert AuditRow.objects.filter(action="backup.asked").count() == 1
    shown = keeper.get("/backups/state/").content.decode()
    assert 'hx-trigger="every 2s"' in shown and "正在排队" in shown and "立即备份" not in shown
    keeper.post("/backups/make/")
    assert ProcrastinateJob.objects.filter(task_name="kernel.backup_now").count() == 1
    ProcrastinateJob.objects.filter(task_name="kernel.backup_now").update(status="succeeded")
    with shelf.turn():
        assert "正在备份" in keeper.get("/backups/state/").content.decode()
    assert "立即备份" in keeper.get("/backups/state/").content.decode()


def test_looking_makes_nothing(keeper: Client, var: Path) -> None:
    keeper.get("/backups/")
    assert not (var / "backups").exists()
    shelf.folder().mkdir()
    with FileLock(shelf.folder() / shelf.LOCK):
        assert keeper.get("/backups/state/").status_code == 200
