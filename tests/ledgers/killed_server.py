"""A server to be killed: forks a web process on a socket, and for each line that it reads kills it and forks another.

    DATABASE_URL=… python -m tests.ledgers.killed_server <community's code>

Prints the port; ends when standard input does.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import Any, cast

import django
import uvicorn
from django.db import connection
from django.test import Client

django.setup()  # before what holds models
from nianlun.ledgers.catalogue import checklists_at, ledgers_at  # noqa: E402
from nianlun.places.models import Community  # noqa: E402


def main(code: str) -> int:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as bound:
        config = uvicorn.Config("nianlun.asgi:application", lifespan="off", access_log=False, log_level="error")
        config.load()
        warm(code)
        print(bound.getsockname()[1], flush=True)
        server = serve(config, bound)
        for _ in sys.stdin:
            end(server)
            server = serve(config, bound)
        end(server)
    return 0


def warm(code: str) -> None:
    """Declarations, addresses and templates are read here once, and not by each process anew."""
    community = Community.objects.get(code=code)
    ledgers_at(community), checklists_at(community)
    Client().get("/login/", headers={"host": "127.0.0.1"})
    connection.close()
    cast(Any, connection).close_pool()  # no process may take over what another holds


def serve(config: uvicorn.Config, bound: socket.socket) -> int:
    """A web process of its own, as the product runs it; gives its id."""
    child = os.fork()
    if child:
        return child
    uvicorn.Server(config).run(sockets=[bound])
    os._exit(0)


def end(server: int) -> None:
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
