"""What every test stands on: a PostgreSQL, a blocked network, quick passwords, and no silent skips in CI."""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NO_SKIP = os.environ.get("THAKI_NO_SKIP") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# ---------------------------------------------------------------- the database
class _Database:
    """The embedded PostgreSQL of this run, started at most once and only if a test needs it."""

    def __init__(self) -> None:
        self.server: Any = None
        self.folder: Path | None = None

    def url(self) -> str:
        """Start the server unless DATABASE_URL names one."""
        if "DATABASE_URL" not in os.environ:
            from thaki.config import embedded

            self.folder = Path(tempfile.mkdtemp(prefix="thaki-test-"))
            self.server = embedded.start(self.folder, durable=False)
            os.environ["DATABASE_URL"] = self.server.url
        return os.environ["DATABASE_URL"]

    def stop(self) -> None:
        """Stop what `url` started and leave nothing behind."""
        if self.server is not None:
            self.server.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


DATABASE = _Database()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The engine's oracle test runs more models when asked."""
    parser.addoption("--oracle-models", type=int, default=None, help="models to run in both BPMN engines")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """With several processes the controller starts the one server that all of them use, each its own database."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _let_tests_empty_the_history()
    if not hasattr(config, "workerinput") and getattr(config.option, "numprocesses", None):
        DATABASE.url()


def _let_tests_empty_the_history() -> None:
    """Django empties all tables after a test with real transactions; the database refuses that for a case's history."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    DatabaseOperations.execute_sql_flush = without_triggers  # type: ignore[method-assign,assignment]  # in tests only


def pytest_unconfigure() -> None:
    """The server ends with the run."""
    DATABASE.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Point Django at the server, which may only have been started now (pytest-django asks for this name)."""
    from django.db import connections

    from thaki.config.settings import database

    wanted = database(DATABASE.url())
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connections["default"].settings_dict[key] = wanted[key]


@pytest.fixture(autouse=True, scope="session")
def emptied_in_spite_of_history() -> Iterator[None]:
    """Tests with real transactions empty all tables; that of the cases' history refuses it, unless its owner says so."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    sql_flush = DatabaseOperations.sql_flush
    table = "ALTER TABLE cases_historyevent"

    def flush(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = sql_flush(self, style, tables, **options)
        if "cases_historyevent" not in tables:
            return statements
        return [f"{table} DISABLE TRIGGER USER;", *statements, f"{table} ENABLE TRIGGER USER;"]

    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign,assignment]  # there is no setting for it
    yield
    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def nobody_is_shown_around() -> Iterator[None]:
    """The first-visit tour is a dialog over *Mi trabajo*; its own tests ask for it."""
    from thaki.web import tour

    tour.OFFER = False
    yield
    tour.OFFER = True


# ---------------------------------------------------------------- the network
@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Tests talk to this machine and to nobody else."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise OSError(f"the tests' network is blocked: {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]  # the one place where all clients pass
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# ---------------------------------------------------------------- skips
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests need Debian's Chromium."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Where nothing may be skipped (CI), a skip is a failure."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and THAKI_NO_SKIP=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for tests marked `browser`."""
    assert CHROMIUM is not None
    return CHROMIUM
