"""What a test needs that runs Thaki as a process of its own: a database to itself, a free port, and patience."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

PATIENCE_S = 90.0
COPY_TRIES = 4
# Of a tests' database only, and only people: what the server itself does there makes way by itself.
SHOWN_OUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = %s AND starts_with(datname, 'test_') AND backend_type = 'client backend'
"""


@contextmanager
def database_like_ours(kind: str) -> Iterator[str]:
    """The address of a copy of the tests' own database, which has its tables already; it is dropped afterwards."""
    from django.db import connections

    source = connections["default"].settings_dict["NAME"]
    name = f"{source}_{kind}"
    connections.close_all()  # a database that is copied has no visitors
    _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _copied(source, name)
    try:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    finally:
        _on_the_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _copied(source: str, name: str) -> None:
    """Make the copy; who is still in the source, such as a thread that an earlier test left behind, is shown out first."""
    for more in reversed(range(COPY_TRIES)):
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                connection.execute(SHOWN_OUT, [source])
            _on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
            return
        except psycopg.errors.ObjectInUse:  # somebody came back in between
            if not more:
                raise


def _on_the_server(*statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path, *, patience_s: float = PATIENCE_S) -> None:
    """Return once it answers; fail with the end of its log if it does not."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and process.poll() is None:
        with (
            suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"http://localhost:{port}/health/live", timeout=2),
        ):
            return
        time.sleep(0.1)
    pytest.fail(f"Thaki did not start:\n{log.read_text()[-3000:]}")
