"""The server killed twenty times while four people file entries: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.models import Entry, EntryLink
from nianlun.places.models import User
from tests.ledgers.make import yard
from tests.ledgers.views.test_form import gas
from tests.places import make

ROOT = Path(__file__).resolve().parents[2]
KILLS, CLIENTS = 20, 4
EACH_ANSWERS, LONGEST = 3, 0.15  # of each process before it is killed, and the seconds after them at the most
TOKEN, PATIENCE = "c" * 32, 60.0
HAZARD = {"found": "楼道堆放杂物", "category": "fire", "severity": "minor"}


@dataclass
class Filer:
    """Somebody who files one entry after the other, and sends each form until it is acknowledged."""

    session: str
    forms: list[tuple[str, dict[str, object]]]  # ledger and what is written
    seed: int
    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # by key of a form: where its answer led
    sent_again: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        chance = Random(self.seed)
        while not stop.is_set() and not self.wrong:
            ledger, said = chance.choice(self.forms)
            form = {**said, "client_key": str(uuid4()), "occurred_on": today().isoformat()}
            self._file(ledger, form)
            if chance.random() < 0.3:  # an impatient second press
                self._file(ledger, form)

    def _file(self, ledger: str, form: dict[str, object]) -> None:
        """Until there is an answer: a connection that broke says nothing of whether the entry was kept."""
        key, ends = str(form["client_key"]), time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                status, led_to = self._post(f"/c/wutong/{ledger}/new/", urlencode(form))
            except (OSError, http.client.HTTPException):
                self.sent_again += 1
                time.sleep(0.01)
                continue
            if status != 302 or self.answers.setdefault(key, led_to) != led_to:
                self.wrong.append(f"{ledger}: {status} {led_to}, before {self.answers.get(key)}")
            return
        self.wrong.append(f"{ledger}: no answer")

    def _post(self, path: str, body: str) -> tuple[int, str]:
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        headers = {
            "Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
        }  # fmt: skip
        sending = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            sending.request("POST", path, body.encode(), headers)
            answer = sending.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            sending.close()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def environment() -> dict[str, str]:
    """That of a server on the tests' database."""
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    if told["HOST"].startswith("/"):
        address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"
    return {
        **os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "nianlun.settings", "NIANLUN_POOL": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_twenty_times_each_entry_is_kept_once() -> None:
    world = yard()
    inspection = {name: said for name, said in gas(client_of(world.one)).items() if name != "client_key"}
    forms: list[tuple[str, dict[str, object]]] = [("hazard", dict(HAZARD)), ("inspection", inspection)]
    people = [make.worker(f"filer{number}", at=world.home) for number in range(CLIENTS)]
    filers = [Filer(session_of(user), forms, number) for number, user in enumerate(people)]
    moments = Random(11)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.ledgers.killed_server", world.home.code],
        cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin is not None and server.stdout is not None
    try:
        port, stop = int(server.stdout.readline()), threading.Event()
        for filer in filers:
            filer.port = port
        threads = [threading.Thread(target=filer.run, args=(stop,)) for filer in filers]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            wait_for_answers(filers)
            time.sleep(moments.uniform(0, LONGEST))
            server.stdin.write("kill\n")
            server.stdin.flush()
        wait_for_answers(filers)
        stop.set()
        for thread in threads:
            thread.join()
    finally:
        server.stdin.close()
        server.wait(20)
        server.stdout.close()
    check(filers)


def wait_for_answers(filers: list[Filer]) -> None:
    """Each process lives until it has answered some, however slow the machine is."""
    before, ends = sum(len(filer.answers) for filer in filers), time.monotonic() + PATIENCE
    while sum(len(filer.answers) for filer in filers) < before + EACH_ANSWERS and time.monotonic() < ends:
        time.sleep(0.005)


def check(filers: list[Filer]) -> None:
    assert [said for filer in filers for said in filer.wrong] == []
    assert sum(filer.sent_again for filer in filers) > 0, "kills did not fall among the filing"
    answers = [led_to for filer in filers for led_to in filer.answers.values()]
    assert len(answers) == len(set(answers)) >= KILLS * EACH_ANSWERS
    asked = Counter(led_to.split("/")[3] for led_to in answers)
    inspections = Entry.objects.filter(ledger="inspection")
    filed = {f"/c/wutong/{entry.ledger}/{entry.pk}/" for entry in Entry.objects.filter(opened_by=None)}
    assert filed == set(answers)  # neither one more nor one less, whatever a killed process had begun
    assert inspections.count() == asked["inspection"] == EntryLink.objects.count() > 0
    assert Entry.objects.filter(ledger="hazard").count() == asked["hazard"] + asked["inspection"]
    assert AuditRow.objects.filter(action="entry.filed").count() == Entry.objects.count()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
