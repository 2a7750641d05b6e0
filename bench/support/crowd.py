"""Many people at once against a server as it is run: each reads and writes, and stops to think in between."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from django.conf import settings
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.places.models import Post, PostKind, User
from support.figures import p95
from support.town import Town

PEOPLE, SECONDS = 50, 30.0
THINKING = (1.0, 3.0)  # seconds between two requests of one person
TOKEN = "b" * 32
STARTING, CATCHING_UP = 60.0, 1200.0  # the search index is made anew, also of a million entries


@dataclass(slots=True)
class Outcome:
    """Milliseconds of each request by act, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    def told(self, write: str) -> dict[str, object]:
        """In figures; `write` is the act that writes."""
        every = [one for spent in self.spent.values() for one in spent]
        return {
            "requests": len(every), "a_second": len(every) / SECONDS, "wrong": dict(self.wrong), "p95": p95(every),
            "writes": p95(self.spent[write]), "acts": {act: p95(spent) for act, spent in self.spent.items()},
        }  # fmt: skip


@dataclass(slots=True)
class Person:
    """Somebody of a community who is signed in; `number` is which of its people they are."""

    session: str
    town: Town
    place: int  # which of the town's communities
    number: int
    chance: Random

    @property
    def base(self) -> str:
        return f"/c/{self.town.filled[self.place].ground.community.code}"


Anybody = TypeVar("Anybody", bound=Person)
Act = Callable[[Anybody, http.client.HTTPConnection], int]  # one request or a few; gives the last one's status


def everybody(town: Town) -> list[Person]:
    """Fifty workers, spread over the communities."""
    return [_person(town, number) for number in range(PEOPLE)]


def _person(town: Town, number: int) -> Person:
    place, turn = number % len(town.filled), number // len(town.filled)
    community = town.filled[place].ground.community
    user = User.objects.create(username=f"crowd{number}", name="同事", password="!", must_change_password=False)
    Post.objects.create(user=user, kind=PostKind.WORKER, subdistrict=town.subdistrict, community=community)
    client = Client()
    client.force_login(user)
    return Person(client.cookies[settings.SESSION_COOKIE_NAME].value, town, place, turn, Random(number))


def crowd(people: Sequence[Anybody], acts: Mapping[str, tuple[int, Act[Anybody]]]) -> Outcome:
    """Serve the town's database on loopback, and let everybody at it for a while; acts by name, with how often."""
    connections.close_all()
    port = _free_port()
    command = [sys.executable, "-c", "from nianlun.cli import main; main()", "serve", "--port", str(port), "--no-demo"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ), start_new_session=True)
    try:
        _wait(port, server)
        _wait_for_jobs()
        outcome, lock = Outcome(), threading.Lock()
        ends = time.monotonic() + SECONDS
        threads = [threading.Thread(target=_live, args=(one, acts, port, ends, outcome, lock)) for one in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcome
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _live(
    one: Anybody, acts: Mapping[str, tuple[int, Act[Anybody]]], port: int, ends: float, outcome: Outcome,
    lock: threading.Lock,
) -> None:  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    time.sleep(one.chance.uniform(0, THINKING[1]))
    while time.monotonic() < ends:
        (act,) = one.chance.choices(list(acts), [often for often, _ in acts.values()])
        started = time.perf_counter()
        status: int | str
        try:
            status = acts[act][1](one, connection)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status = type(error).__name__
        spent = (time.perf_counter() - started) * 1000
        with lock:
            outcome.spent.setdefault(act, []).append(spent)
            if status not in {200, 302}:
                outcome.wrong[f"{act}: {status}"] += 1
        time.sleep(one.chance.uniform(*THINKING))
    connection.close()


def ask(
    one: Person, connection: http.client.HTTPConnection, method: str, path: str, body: str = "",
    kind: str = "application/x-www-form-urlencoded",
) -> tuple[int, bytes]:  # fmt: skip
    cookies = f"{settings.SESSION_COOKIE_NAME}={one.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": kind}
    connection.request(method, path, body.encode() or None, headers)
    answer = connection.getresponse()
    read = answer.read()
    if answer.status == 302 and (to := answer.headers["Location"]).startswith("/search/"):
        return ask(one, connection, "GET", to)
    return answer.status, read


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for_jobs() -> None:
    """A start makes up for what nights missed, such as a backup; people come when that is over."""
    ends = time.monotonic() + CATCHING_UP
    under_way = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), scheduled_at=None)
    calm = 0
    while time.monotonic() < ends and calm < 3:
        calm = 0 if under_way.exists() else calm + 1
        time.sleep(1)
    connections.close_all()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTING
    while time.monotonic() < ends and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/login/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("the server did not start; see its words above")
