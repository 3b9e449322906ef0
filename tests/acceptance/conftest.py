"""What the browser tests stand on: Thaki running with its worker, a mail server, and people with a browser each.

The data are made once; each test is about a customer of its own, so that they do not meet.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.acceptance.mailbox import Mailbox
from tests.acceptance.people import Person, photograph, signed_in
from tests.acceptance.sale import Customer, Sale

from thaki.config.environment import CHECKOUT

READY_PATIENCE_S = 90.0
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Each customer has another name: people who look alike are asked about at step 3.
NAMES = (
    "Ximena Balcázar Ortuño", "Gonzalo Ibáñez Tapia", "Lourdes Quiroga Peña", "Efraín Zelada Murillo", "Nancy Uriona Cuba",
    "Osvaldo Heredia Vaca", "Teresa Jaldín Lobo", "Wálter Núñez Dorado", "Beatriz Arze Salinas", "Iván Coca Fuentes",
    "Fabiola Guzmán Rico", "Hernán Ledezma Oporto", "Karina Yapura Estívariz", "Ponciano Alba Moscoso", "Ruth Delgadillo Inca",
    "Saúl Encinas Bravo", "Adela Villca Torrez", "Darío Kempff Suárez", "Celia Rodas Blacutt", "Mauro Pinto Ferrufino",
)  # fmt: skip


@dataclass
class House:
    """The running system."""

    url: str
    mailbox: Mailbox
    data: Path
    cookies: dict[str, Any] = field(default_factory=dict)  # of those who have signed in, by login
    customers: Iterator[int] = field(default_factory=itertools.count)


@pytest.fixture(scope="session")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Thaki, started for these tests as the installation starts it: its pages, its worker, its own database."""
    data = tmp_path_factory.mktemp("thaki")
    mailbox = Mailbox(_free_port())
    mailbox.switch_on()
    port = _free_port()
    house = House(f"http://localhost:{port}", mailbox, data)
    with _database() as database, (data / "log").open("w") as log:
        environment = _environment(house, database, port)
        command = [sys.executable, "-m", "tests.acceptance.serve"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=CHECKOUT)
        try:
            _wait_until_ready(house, process)
            yield house
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            mailbox.switch_off()


def _environment(house: House, database: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THAKI_")}
    told = {
        "THAKI_DATA": str(house.data),
        "THAKI_SMTP_URL": f"smtp://127.0.0.1:{house.mailbox.port}",
        "PORT": str(port),
    }
    path = f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}"
    return (
        kept | told | {"DATABASE_URL": database, "THAKI_PUBLIC_URL": house.url, "THAKI_DEMO": "1", "PYTHONPATH": path}
    )


class _database:
    """A copy of the tests' own database, which has its tables already."""

    def __enter__(self) -> str:
        from django.db import connections

        from thaki.config import environment

        settings = connections["default"].settings_dict
        connections.close_all()  # a database that is copied has no visitors
        self.name = f"{settings['NAME']}_acceptance"
        url = os.environ["DATABASE_URL"]
        self.server = environment.database(url)
        self._do(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{settings["NAME"]}"',
        )
        head, _slash, tail = url.rpartition("/" + self.server["NAME"])
        return f"{head}/{self.name}{tail}"

    def __exit__(self, *_: object) -> None:
        self._do(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _do(self, *statements: str) -> None:
        at = {
            "host": self.server["HOST"],
            "port": self.server["PORT"],
            "user": self.server["USER"],
            "password": self.server["PASSWORD"],
        }
        given = {name: value for name, value in at.items() if value}
        with psycopg.connect(dbname=self.server["NAME"], autocommit=True, **given) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]  # a name cannot be a parameter


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(house: House, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with (
            suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{house.url}/health/live", timeout=2),
        ):
            return
        time.sleep(0.1)
    pytest.fail(f"Thaki did not start:\n{(house.data / 'log').read_text()[-3000:]}")


# ---------------------------------------------------------------- browsers
@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium."""
    # Playwright's loop runs in this thread, and Django then takes every query for one made inside a coroutine.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=15_000)  # two busy cores
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def person(house: House, chrome: Browser) -> Iterator[Callable[[str], Person]]:
    """Somebody at his own browser, by login; he signs in with his password the first time."""
    known: dict[str, Person] = {}

    def at_his_browser(login: str) -> Person:
        if login not in known:
            known[login] = signed_in(chrome, house.url, login, house.cookies)
        return known[login]

    yield at_his_browser
    for login, each in known.items():
        photograph(each.page, f"end-{login}")
        each.page.context.close()


@pytest.fixture
def sale(house: House, chrome: Browser, person: Callable[[str], Person]) -> Iterator[Sale]:
    """A customer of the test's own, who has not asked for anything yet, and the people who will attend him."""
    number = next(house.customers)
    customer = Customer(NAMES[number], f"7{7000000 + number}", f"cliente{number}@example.bo", str(6100000 + number))
    context = chrome.new_context(base_url=house.url, locale="es-BO", viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    page = context.new_page()
    yield Sale(customer, page, person, house.mailbox)
    photograph(page, "end-customer")
    context.close()
