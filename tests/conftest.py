"""What every test may ask for: the real PostgreSQL (`db` and its kin) and a page in a real Chromium (`page`)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import pytest
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

from nianlun.kernel.backup.address import MAINTENANCE, address_here, connected_to
from nianlun.kernel.postgres import Cluster
from nianlun.kernel.sealing.ring import fresh_ring

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_CHROMIUM = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic")
TEST_CLUSTERS = "nianlun-tests-"


@pytest.fixture(scope="session")
def database_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """DATABASE_URL where it is set, else one embedded server that the workers of this run share."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.gettempdir())
    run = getattr(request.config, "workerinput", {}).get("testrunuid") or f"{os.getpid()}"
    ours = folder / f"{TEST_CLUSTERS}{os.geteuid()}-{run[:16]}"
    cluster = Cluster(ours, durable=False)
    address = cluster.acquire()
    for other in folder.glob(f"{TEST_CLUSTERS}{os.geteuid()}-*"):
        if other != ours:  # what a run that was killed left behind; one that still runs is in use and stays
            Cluster(other, durable=False).discard()
    yield address
    cluster.discard()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    database_address: str,
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:  # overrides pytest-django's, so that a run without database tests starts no server
    """Point Django's connections at the tests' server, where workers share the work of the migrations."""
    found = dj_database_url.parse(database_address)
    for name in ("HOST", "PORT", "USER", "PASSWORD"):
        connections["default"].settings_dict[name] = found[name]
    if hasattr(request.config, "workerinput") and "DATABASE_URL" not in os.environ:
        with django_db_blocker.unblock():
            connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated_template()


def migrated_template() -> str:
    """A migrated database of this run's server, made by the worker that comes first; the others wait, and copy it."""
    name = f"{TEST_CLUSTERS}template"
    server = address_here().named(MAINTENANCE)
    with server.connect(autocommit=True) as one:
        one.execute("SELECT pg_advisory_lock(1)")
        if not one.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            one.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            with connected_to(name):
                call_command("migrate", interactive=False, verbosity=0)
    return name


def chromium_path() -> str:
    """The system's Chromium; its absence is a failure, not a reason to skip."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    pytest.fail("no Chromium: `make test` installs it, or run `apt-get install chromium fonts-noto-cjk` as root")


@pytest.fixture(scope="module")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright's event loop lives in the test's thread, so it ends with the module that needs it."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    arguments = [*QUIET_CHROMIUM, "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = playwright_driver.chromium.launch(executable_path=chromium_path(), args=arguments)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a fresh visitor at 1366 px; a script's error or a breach of the content policy fails the test."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 900})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with real transactions end by emptying every table, which the audit log refuses anywhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("kernel_auditrow", "kernel_auditlink"):
            cursor.execute(f"DROP TRIGGER IF EXISTS never_emptied ON {table}")


@pytest.fixture(scope="session", autouse=True)
def _keys_of_tests() -> Iterator[None]:
    """Secret fields of tests are sealed with keys of their own, never with those of the checkout's data folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANLUN_KEY", fresh_ring().text().replace("\n", ";"))
        yield


@pytest.fixture(autouse=True)
def _quick_password_hashes(settings: Settings) -> None:
    """Hashing that is slow on purpose has no place in tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
