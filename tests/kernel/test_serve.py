"""`nianlun serve` as a person meets it: started, stopped, killed, started again."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from nianlun.kernel.postgres import Cluster

pytestmark = pytest.mark.slow

PATIENCE = 240.0


class Served:
    """A `nianlun serve` in a session of its own, with its data below `var`."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "NIANLUN_VAR": str(self.var), "PORT": str(self.port)}
        for ours in ("DATABASE_URL", "NIANLUN_KEY"):
            environment.pop(ours, None)
        command = [sys.executable, "-c", "import sys; from nianlun.cli import main; sys.exit(main())", "serve"]
        with (self.var.parent / "said").open("ab") as said:
            self.process = subprocess.Popen(
                command, env=environment, stdout=said, stderr=said, text=True, start_new_session=True
            )
        return self.process

    def said(self) -> str:
        return (self.var.parent / "said").read_text()

    def wait_until_served(self) -> None:
        times = self.said().count("is served at")
        self.wait_for(lambda: self.said().count("is served at") > times)

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, self.said()
            assert self.process is None or self.process.poll() in (None, 0, 1, -signal.SIGKILL), self.said()
            time.sleep(0.05)

    def status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/")
        try:
            return connection.getresponse().status
        finally:
            connection.close()

    def family(self) -> dict[str, int]:
        """The process numbers of web and worker, told by the folder that their environment names."""
        found = {}
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if f"NIANLUN_VAR={self.var}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    part = re.search(rb"nianlun\.kernel\.(web|worker)\0", (folder / "cmdline").read_bytes())
                    if part:
                        found[part[1].decode()] = int(folder.name)
        return found

    def database_lives(self) -> bool:
        return Cluster(self.var / "postgres").alive()

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def signed_in(served: Served, username: str, password: str) -> Callable[[str], str]:
    """Gives the page at an address as that person sees it; raises for whatever is no page."""
    opener = build_opener(HTTPCookieProcessor(cookies := CookieJar()))

    def get(address: str, body: bytes | None = None) -> str:
        answer: HTTPResponse
        with opener.open(f"http://127.0.0.1:{served.port}{address}", body, timeout=30) as answer:
            return answer.read().decode()

    get("/login/")
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken") or ""
    get("/login/", urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token}).encode())
    return get


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One that was started over nothing and stopped by Ctrl-C."""
    one = Served(tmp_path_factory.mktemp("first") / "var", free_port())
    one.start()
    one.wait_until_served()
    assert one.end(signal.SIGINT) == 0
    return one


@pytest.fixture
def served(tmp_path: Path, first_start: Served) -> Iterator[Served]:
    """One that is started again over the data of the first start."""
    shutil.copytree(first_start.var, tmp_path / "var")
    one = Served(tmp_path / "var", free_port())
    one.start()
    one.wait_until_served()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.end(signal.SIGTERM)
    one.wait_for(lambda: not one.family())
    Cluster(one.var / "postgres").discard()


def test_the_first_start_loads_the_demo_and_names_its_sign_ins(first_start: Served) -> None:
    assert f"is served at http://127.0.0.1:{first_start.port}/" in first_start.said()
    assert "nianlun-demo-2027" in first_start.said()
    assert (first_start.var / "secret_key").stat().st_mode & 0o777 == 0o600


def test_pages_open_and_ctrl_c_stops_every_process(served: Served) -> None:
    get = signed_in(served, "shuji", "nianlun-demo-2027")
    for page in ("desk/", "residents/", "hazard/", "hazard/new/", "ledgers/"):
        assert "梧桐苑" in get(f"/c/wutong/{page}"), page
    assert sorted(served.family()) == ["web", "worker"] and served.database_lives()
    assert served.end(signal.SIGINT) == 0
    assert served.family() == {} and not served.database_lives()
    assert "stopped" in served.said()


def test_a_kill_and_a_restart_lose_nothing_and_leave_nobody_behind(served: Served) -> None:
    with psycopg.connect(Cluster(served.var / "postgres").url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '年轮' AS what")
    before = served.family()
    assert served.end(signal.SIGKILL) == -signal.SIGKILL
    assert served.database_lives()
    served.start()
    served.wait_until_served()
    assert not set(before.values()) & set(served.family().values())
    assert served.status() in {200, 302}
    with psycopg.connect(Cluster(served.var / "postgres").url) as connection:
        assert connection.execute("SELECT what FROM kept").fetchall() == [("年轮",)]
    assert served.end(signal.SIGTERM) == 0
    assert served.family() == {} and not served.database_lives()


@pytest.mark.parametrize("part", ["web", "worker", "database"])
def test_when_one_ends_all_end_and_its_last_words_are_shown(served: Served, part: str) -> None:
    pid_file = Cluster(served.var / "postgres").data / "postmaster.pid"
    victim = int(pid_file.read_text().split("\n", 1)[0]) if part == "database" else served.family()[part]
    os.kill(victim, signal.SIGKILL)
    assert served.process is not None and served.process.wait(PATIENCE) == 1
    assert re.search(rf"{part} ended by itself.*the end of \S+\.log:", served.said())
    assert served.family() == {} and not served.database_lives()


def test_a_second_start_says_where_the_first_one_is(served: Served) -> None:
    first = served.process
    assert served.start().wait(PATIENCE) == 1
    assert f"already running on {served.var} (http://127.0.0.1:{served.port}/)" in served.said()
    served.process = first
    assert served.status() in {200, 302}


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one = Served(tmp_path / "var", taken.getsockname()[1])
        assert one.start().wait(PATIENCE) == 1
    assert f"port {one.port} of 127.0.0.1 cannot be had" in one.said()
    assert not (one.var / "postgres").exists()
