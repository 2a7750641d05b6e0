"""The web process: serves the application on a socket that the supervisor has bound already."""

from __future__ import annotations

import gc
import os
import socket
import sys

import django
import uvicorn
from django.core.management import CommandError, call_command
from django.db import connections

from nianlun.kernel.leash import hold_on_to


def main() -> int:
    """Arguments: the number of the leash's pipe, the number of the socket."""
    hold_on_to(int(sys.argv[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
    os.environ["NIANLUN_POOL"] = "1"
    django.setup()
    try:
        call_command("keys", "check")
    except CommandError as error:
        print(f"nianlun: {error}", file=sys.stderr)
        return 1
    connections.close_all()
    bound = socket.socket(fileno=int(sys.argv[2]))
    # Pages that stay open for live updates must not hold up a stop for long.
    config = uvicorn.Config(
        "nianlun.asgi:application", lifespan="off", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)
    config.load()
    gc.collect()
    gc.freeze()  # what was loaded stays: no request waits while all of it is looked through again
    server.run(sockets=[bound])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
