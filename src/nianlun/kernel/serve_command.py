"""`nianlun serve`: the database, the web and the worker in one command, until Ctrl-C."""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nianlun.kernel.database import database
from nianlun.kernel.file_lock import FileLock
from nianlun.kernel.paths import var_folder
from nianlun.kernel.postgres import DatabaseError
from nianlun.kernel.secret import secret_key
from nianlun.kernel.supervisor import Child, ChildEndedError, Stopped, stop_signals, supervise

KEYS_UNUSABLE = 3  # the exit code of `prepare` where its words on stderr are the whole message
LEFTOVER_PATIENCE = 30.0  # seconds that the children of a supervisor that was killed have to end


class StartError(Exception):
    """It cannot be started; the message says why and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Serve until asked to stop (0), or until something ends by itself (1)."""
    parser = argparse.ArgumentParser(prog="nianlun serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="the port (8000, or $PORT)")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty embedded database empty")
    options = parser.parse_args(arguments[1:])
    with stop_signals():
        try:
            serve(options.host, options.port, demo=not options.no_demo)
        except Stopped:
            print("nianlun: stopped", flush=True)
            return 0
        except (StartError, DatabaseError, ChildEndedError) as error:
            print(f"nianlun: {error}", file=sys.stderr, flush=True)
            return 1
    return 0


def serve(host: str, port: int, *, demo: bool) -> None:
    """Everything from the locks to the last stop; returns by raising."""
    var = var_folder()
    (var / "log").mkdir(parents=True, exist_ok=True)
    secret_key(var)
    ours, family = FileLock(var / "serve.lock"), FileLock(var / "family.lock", inheritable=True)
    if not ours.take(wait=False):
        raise StartError(
            f"already running on {var} ({(var / 'address').read_text().strip()}): stop it with Ctrl-C there"
        )
    wait_for_leftovers(family)
    with bind(host, port) as bound, database(var) as cluster:
        address = f"http://{host if ':' not in host else f'[{host}]'}:{port}/"
        (var / "address").write_text(address)
        print("nianlun: bringing the database to this version", flush=True)
        news = prepare(var, family, demo=demo and cluster is not None)

        def start_web(number: int) -> Child:
            shared = (bound.fileno(), family.descriptor)
            command = ("nianlun.kernel.web", str(bound.fileno()))
            log = var / "log" / ("web.log" if number == 1 else f"web-{number}.log")
            return Child("web", command, log, patience=8, shared=shared)

        def start_worker() -> Child:
            log = var / "log" / "worker.log"
            return Child("worker", ("nianlun.kernel.worker",), log, patience=15, shared=(family.descriptor,))

        def say_ready() -> None:
            print(
                f"\n年轮 Nianlun is served at {address}\n{news}Ctrl-C stops it; logs are in {var / 'log'}", flush=True
            )

        webs = [partial(start_web, number) for number in range(1, web_processes() + 1)]
        supervise((*webs, start_worker), cluster, lambda: answers(host, port), say_ready)


def web_processes() -> int:
    """How many answer on the one socket: NIANLUN_WEB, else two where there are two cores to run them."""
    given = os.environ.get("NIANLUN_WEB", "")
    return max(1, int(given)) if given.isdigit() else min(2, os.cpu_count() or 1)


def wait_for_leftovers(family: FileLock) -> None:
    """Web and worker of a supervisor that was killed end by themselves; give them the time to."""
    deadline = time.monotonic() + LEFTOVER_PATIENCE
    while not family.take(wait=False):
        if time.monotonic() > deadline:
            raise StartError(f"processes of an earlier start still hold {family.path}: end them, then start again")
        time.sleep(0.1)


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything is started, so that a taken one costs nothing."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except (OSError, OverflowError) as error:
        raise StartError(
            f"port {port} of {host} cannot be had ({error}). Another one: make run PORT={port + 1}"
        ) from error
    return bound


def prepare(var: Path, family: FileLock, *, demo: bool) -> str:
    """Migrate, and load the demo where asked; gives back what there is to tell the user."""
    command = [sys.executable, "-P", "-m", "nianlun.kernel.prepare", *(["--demo"] if demo else [])]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        pass_fds=(family.descriptor,),
        start_new_session=True,
    )
    if done.returncode == KEYS_UNUSABLE:
        raise StartError(done.stderr.strip())
    if done.returncode:
        raise StartError(f"the database could not be brought to this version:\n{done.stderr.strip()[-3000:]}")
    return done.stdout


def answers(host: str, port: int) -> bool:
    """Whether the web answers a request at all, be it with an error, which its log then explains."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reached, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
