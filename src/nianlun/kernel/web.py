"""The web process: serves the application on a socket that the supervisor has bound already."""

from __future__ import annotations

import socket
import sys

import uvicorn

from nianlun.kernel.leash import hold_on_to


def main() -> int:
    """Arguments: the number of the leash's pipe, the number of the socket."""
    hold_on_to(int(sys.argv[1]))
    bound = socket.socket(fileno=int(sys.argv[2]))
    # Pages that stay open for live updates must not hold up a stop for long.
    config = uvicorn.Config(
        "nianlun.asgi:application", lifespan="off", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)
    server.run(sockets=[bound])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
