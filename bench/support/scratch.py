"""A database and a data folder of a measurement's own, gone when it ends; nobody's data is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch() -> Iterator[str]:
    """Inside, Django is set up on a fresh embedded PostgreSQL, durable as in use; gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="nianlun-bench-"))
    for name in ("DATABASE_URL", "NIANLUN_KEY"):
        os.environ.pop(name, None)
    os.environ |= {"NIANLUN_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "nianlun.settings"}
    from nianlun.kernel.postgres import Cluster  # after the environment says where data lies

    cluster = Cluster(folder / "postgres")
    os.environ["DATABASE_URL"] = cluster.acquire()
    try:
        join()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("keys", "check")
        yield os.environ["DATABASE_URL"]
    finally:
        from django.db import connections

        connections.close_all()
        cluster.discard()
        shutil.rmtree(folder, ignore_errors=True)


def join() -> None:
    """In a process that was started inside: Django on the same database."""
    import django
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    django.setup()
