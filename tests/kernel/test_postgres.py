"""The embedded server lives exactly as long as somebody needs it, and no way of ending loses or harms anything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from nianlun.kernel import account, postgres
from nianlun.kernel.postgres import LONGEST_SOCKET_PATH, Cluster, DatabaseError, check_database

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this")


@pytest.fixture(scope="module")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as initdb leaves it."""
    made = Cluster(tmp_path_factory.mktemp("fresh") / "pg", durable=False)
    made.acquire()
    made.release()
    return made.data


@pytest.fixture(autouse=True)
def no_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests kill processes, not the machine."""
    monkeypatch.setattr(postgres, "SAFE", {**postgres.SAFE, "fsync": "off"})


@pytest.fixture
def cluster(tmp_path: Path, fresh_data: Path) -> Iterator[Cluster]:
    """A cluster that keeps its data over restarts."""
    made = Cluster(tmp_path / "pg")
    shutil.copytree(fresh_data, made.data)
    for path in (made.data, *made.data.rglob("*")):
        made._account.own(path)
    yield made
    made.discard()
    assert not made.alive()
    assert not made.folder.exists()


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])


def wait_until_dead(cluster: Cluster) -> None:
    deadline = time.monotonic() + 20
    while cluster.alive():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def commit_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (what text)")
        connection.execute("INSERT INTO kept VALUES ('年轮')")


def rows(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT what FROM kept").fetchall()


def test_the_last_to_leave_stops_it(cluster: Cluster) -> None:
    other = Cluster(cluster.folder)
    assert cluster.acquire() == other.acquire()
    first = postmaster(cluster)
    cluster.release()
    assert other.alive() and postmaster(other) == first
    other.release()
    assert not other.alive()


def test_a_user_that_was_killed_leaves_a_server_that_is_joined(cluster: Cluster) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from nianlun.kernel.postgres import Cluster;"
        "Cluster(Path(sys.argv[1])).acquire(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(cluster.folder)], check=False)
    assert done.returncode == -signal.SIGKILL and cluster.alive()
    orphan = postmaster(cluster)
    cluster.acquire()
    assert postmaster(cluster) == orphan
    cluster.release()
    assert not cluster.alive()


def test_what_was_committed_outlives_a_killed_server(cluster: Cluster) -> None:
    commit_a_row(cluster.acquire())
    os.kill(postmaster(cluster), signal.SIGKILL)
    wait_until_dead(cluster)
    assert (cluster.data / "postmaster.pid").exists()
    assert rows(cluster.acquire()) == [("年轮",)]


def test_a_stale_pid_file_harms_nobody(cluster: Cluster) -> None:
    commit_a_row(cluster.acquire())
    stale = (cluster.data / "postmaster.pid").read_text()
    cluster.release()
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (cluster.data / "postmaster.pid").write_text(stale.replace(stale.split("\n", 1)[0], str(bystander.pid), 1))
        assert rows(cluster.acquire()) == [("年轮",)]
        cluster.release()
        assert bystander.poll() is None
        bystander.kill()


def test_a_server_started_by_hand_is_left_alone(cluster: Cluster) -> None:
    cluster.acquire()
    cluster.release()
    pg_ctl = cluster._program("pg_ctl")
    by_hand = ("-D", cluster.data, "-l", cluster.log, "-o", f"-c listen_addresses= -k {cluster._socket_folder()}")
    assert cluster._account.run(pg_ctl, "start", "--wait", *by_hand).returncode == 0
    with pytest.raises(DatabaseError, match="started by hand"):
        cluster.acquire()
    assert cluster._account.run(pg_ctl, "stop", "--wait", "-m", "fast", "-D", cluster.data).returncode == 0


def test_an_initdb_cut_short_is_begun_anew(cluster: Cluster) -> None:
    shutil.rmtree(cluster.data)
    cut_short = cluster.data.with_name("data-new")
    cut_short.mkdir()
    (cut_short / "PG_VERSION").write_text("18\n")
    cluster.acquire()
    assert not cut_short.exists()


def test_what_keeps_it_from_starting_is_told(cluster: Cluster) -> None:
    cluster.acquire()
    cluster.release()
    (cluster.data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(DatabaseError, match="no_such_setting"):
        cluster.acquire()


def test_nothing_listens_on_the_network_and_strangers_cannot_connect(cluster: Cluster) -> None:
    with psycopg.connect(cluster.acquire()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster._socket_folder().stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = Cluster(tmp_path / ("x" * LONGEST_SOCKET_PATH) / "pg")
    commit_a_row(deep.acquire())
    assert rows(deep.url) == [("年轮",)]
    deep.discard()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = Cluster(tmp_path / ("x" * LONGEST_SOCKET_PATH) / "pg")
    (tmp_path / "theirs").mkdir()
    deep._socket_folder().symlink_to(tmp_path / "theirs")
    with pytest.raises(DatabaseError, match="somebody else"):
        deep.acquire()
    assert not deep.alive()


def test_a_database_that_knows_no_chinese_letters_is_refused(cluster: Cluster) -> None:
    with psycopg.connect(cluster.acquire(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(DatabaseError, match="LC_CTYPE C"):
        check_database(cluster.url.removesuffix("nianlun") + "narrow")


@as_root
@pytest.mark.parametrize("user", [None, "nobody"], ids=["as the machine allows", "as another user"])
def test_as_root_below_a_folder_that_only_root_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str | None
) -> None:
    if user:
        monkeypatch.setenv("NIANLUN_DB_USER", user)
        monkeypatch.setattr(account, "OUTSIDE", Path(f"/var/lib/nianlun-tests-{os.getpid()}"))
    private = tmp_path / "private"
    (private / "checkout").mkdir(parents=True)
    private.chmod(0o700)
    parents = [private / "checkout", *(private / "checkout").parents]
    before = [parent.stat().st_mode for parent in parents]
    cluster = Cluster(private / "checkout" / "pg")
    commit_a_row(cluster.acquire())
    cluster.release()
    assert rows(cluster.acquire()) == [("年轮",)]
    assert user is None or cluster.data.owner() == user
    assert [parent.stat().st_mode for parent in parents] == before
    cluster.discard()
    if user:
        account.OUTSIDE.rmdir()
