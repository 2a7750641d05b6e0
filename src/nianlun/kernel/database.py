"""Which database a command works on: one's own by DATABASE_URL, else the embedded one, started while needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from nianlun.kernel.postgres import Cluster, DatabaseError, check_database


@contextmanager
def database(var: Path) -> Iterator[Cluster | None]:
    """Inside, DATABASE_URL in the environment leads to a database that answers; gives the cluster if it is ours."""
    if given := os.environ.get("DATABASE_URL"):
        try:
            check_database(given)
        except psycopg.Error as error:
            raise DatabaseError(f"DATABASE_URL leads nowhere: {str(error).strip()}") from error
        yield None
        return
    cluster = Cluster(var / "postgres")
    os.environ["DATABASE_URL"] = cluster.acquire()
    try:
        yield cluster
    finally:
        del os.environ["DATABASE_URL"]
        cluster.release()
