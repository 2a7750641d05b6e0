"""Many people at once against a server as it is run: each reads and writes, and stops to think in between."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote

from django.conf import settings
from django.db import connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.places.models import Community, Post, PostKind, User
from support.town import Town

PEOPLE, SECONDS = 50, 30.0
THINKING = (1.0, 3.0)  # seconds between two requests of one person
TOKEN = "b" * 32
STARTING, CATCHING_UP = 60.0, 300.0
# What a person does next, and how often.
ACTS = {"list": 20, "resident": 20, "building": 10, "search": 20, "suggest": 15, "write": 15}


@dataclass(slots=True)
class Outcome:
    """Milliseconds of each request by act, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Person:
    session: str
    community: str
    names: list[str]
    residents: list[tuple[str, int]]  # id and revision, of this person alone
    buildings: list[str]
    chance: Random


def crowd(town: Town) -> Outcome:
    """Serve the town's database on loopback, and let everybody at it for a while."""
    everybody = [_person(town, number) for number in range(PEOPLE)]
    connections.close_all()
    port = _free_port()
    command = [sys.executable, "-c", "from nianlun.cli import main; main()", "serve", "--port", str(port), "--no-demo"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ), start_new_session=True)
    try:
        _wait(port, server)
        _wait_for_jobs()
        outcome, lock = Outcome(), threading.Lock()
        ends = time.monotonic() + SECONDS
        threads = [threading.Thread(target=_live, args=(one, port, ends, outcome, lock)) for one in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcome
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _person(town: Town, number: int) -> Person:
    filled = town.filled[number % len(town.filled)]
    community: Community = filled.ground.community
    user = User.objects.create(username=f"crowd{number}", name="同事", password="!", must_change_password=False)
    Post.objects.create(user=user, kind=PostKind.WORKER, subdistrict=town.subdistrict, community=community)
    client = Client()
    client.force_login(user)
    living = filled.people.living
    share = living[number // len(town.filled) :: PEOPLE // len(town.filled) + 1][:60]
    return Person(
        client.cookies[settings.SESSION_COOKIE_NAME].value, community.code, [one.name for one in share],
        [(str(one.pk), 1) for one in share], [str(one.pk) for one in filled.ground.buildings], Random(number),
    )  # fmt: skip


def _live(one: Person, port: int, ends: float, outcome: Outcome, lock: threading.Lock) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    time.sleep(one.chance.uniform(0, THINKING[1]))
    while time.monotonic() < ends:
        act = one.chance.choices(list(ACTS), list(ACTS.values()))[0]
        started = time.perf_counter()
        try:
            status = _do(one, connection, act)
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


def _do(one: Person, connection: http.client.HTTPConnection, act: str) -> int:
    base = f"/c/{one.community}"
    if act == "list":
        return _ask(one, connection, "GET", f"{base}/residents/")[0]
    if act == "building":
        return _ask(one, connection, "GET", f"{base}/buildings/{one.chance.choice(one.buildings)}/")[0]
    at = one.chance.randrange(len(one.residents))
    pk, revision = one.residents[at]
    if act == "resident":
        return _ask(one, connection, "GET", f"{base}/residents/{pk}/")[0]
    if act == "write":
        body = json.dumps({"revision": revision, "values": {"note": f"来电核对 {one.chance.randrange(10**6)}"}})
        status, answer = _ask(one, connection, "PATCH", f"/api/v1{base}/residents/{pk}/", body, "application/json")
        if status == 200:
            one.residents[at] = (pk, json.loads(answer)["revision"])
        return status
    form = f"q={quote(one.names[at])}"
    if act == "suggest":
        return _ask(one, connection, "POST", "/search/suggest/", form)[0]
    status, _ = _ask(one, connection, "POST", "/search/", form)
    return status


def _ask(
    one: Person, connection: http.client.HTTPConnection, method: str, path: str, body: str = "",
    kind: str = "application/x-www-form-urlencoded",
) -> tuple[int, bytes]:  # fmt: skip
    cookies = f"{settings.SESSION_COOKIE_NAME}={one.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": kind}
    connection.request(method, path, body.encode() or None, headers)
    answer = connection.getresponse()
    read = answer.read()
    if answer.status == 302 and (to := answer.headers["Location"]).startswith("/search/"):
        return _ask(one, connection, "GET", to)
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
