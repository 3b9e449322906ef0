"""What the browser tests stand on: Thaki running with its worker, a mail server, and people with a browser each.

The data are made once; each test is about a customer of its own, so that they do not meet.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.acceptance.mailbox import Mailbox
from tests.acceptance.people import Person, photograph, signed_in
from tests.acceptance.sale import Customer, Sale
from tests.running import database_like_ours, free_port, wait_until_ready

from thaki.config.environment import CHECKOUT

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Each customer has another name: people who look alike are asked about at step 3.
NAMES = (
    "Ximena Balcázar Ortuño", "Gonzalo Ibáñez Tapia", "Lourdes Quiroga Peña", "Efraín Zelada Murillo", "Nancy Uriona Cuba",
    "Osvaldo Heredia Vaca", "Teresa Jaldín Lobo", "Wálter Núñez Dorado", "Beatriz Arze Salinas", "Iván Coca Fuentes",
    "Fabiola Guzmán Rico", "Hernán Ledezma Oporto", "Karina Yapura Estívariz", "Ponciano Alba Moscoso", "Ruth Delgadillo Inca",
    "Saúl Encinas Bravo", "Adela Villca Torrez", "Darío Kempff Suárez", "Celia Rodas Blacutt", "Mauro Pinto Ferrufino",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The house copies the tests' own database: it has to be made, even when these tests are the only ones of the run."""
    for item in items:
        if "house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@dataclass
class House:
    """The running system."""

    port: int
    mailbox: Mailbox
    data: Path
    cookies: dict[str, Any] = field(default_factory=dict)  # of those who have signed in, by login
    customers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="session")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Thaki, started for these tests as the installation starts it: its pages, its worker, its own database."""
    with running(tmp_path_factory.mktemp("thaki"), "acceptance") as house:
        yield house


@contextmanager
def running(data: Path, name: str) -> Iterator[House]:
    """A house with its own database, of that name."""
    mailbox = Mailbox(free_port())
    mailbox.switch_on()
    house = House(free_port(), mailbox, data)
    with database_like_ours(name) as database, (data / "log").open("w") as log:
        environment = _environment(house, database)
        command = [sys.executable, "-m", "tests.acceptance.serve"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=CHECKOUT)
        try:
            wait_until_ready(house.port, process, data / "log")
            yield house
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            mailbox.switch_off()


def _environment(house: House, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THAKI_")}
    return kept | {
        "DATABASE_URL": database,
        "PORT": str(house.port),
        "PYTHONPATH": f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}",
        "THAKI_DATA": str(house.data),
        "THAKI_DEMO": "1",  # its people's password is known
        "THAKI_PUBLIC_URL": house.url,
        "THAKI_SMTP_URL": f"smtp://127.0.0.1:{house.mailbox.port}",
    }


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
