"""The pictures of the users' guide are what the screens show: a walk over a small demonstration takes them.

    ./thaki test tests/docs/test_pictures.py                     walks, and holds the guide to it
    THAKI_PICTURES=1 ./thaki test tests/docs/test_pictures.py    walks, and keeps the pictures

Bytes are not compared: letters are drawn a little differently on each machine.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.acceptance.people import signed_in
from tests.docs.walk import MOST_BYTES, SHOTS, Shot, compressed, take
from tests.running import database_like_ours, free_port, wait_until_ready

from thaki.config.environment import CHECKOUT
from thaki.web.help.pages import PAGES

PICTURES = CHECKOUT / "src/thaki/web/static/web/help"
MOST_PICTURES = 40
NAMED = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
KEEP = os.environ.get("THAKI_PICTURES") == "1"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=es-BO"]


def named() -> list[tuple[str, Path]]:
    """The pictures that the guide names, with their alternative texts."""
    return [(alt, page.path.parent / to) for page in PAGES for alt, to in NAMED.findall(page.path.read_text())]


@pytest.fixture(scope="session")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small demonstration, being served."""
    data, port = tmp_path_factory.mktemp("demo"), free_port()
    with database_like_ours("guide") as database, (data / "log").open("w") as log:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("THAKI_")}
        environment = kept | {
            "DATABASE_URL": database,
            "PORT": str(port),
            "PYTHONPATH": f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}",
            "THAKI_DATA": str(data),
            "THAKI_DEMO": "1",
            "THAKI_PUBLIC_URL": f"http://localhost:{port}",
        }
        command = [sys.executable, "-m", "tests.docs.small_demo"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=CHECKOUT)
        try:
            wait_until_ready(port, process, data / "log", patience_s=600)
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
        expect.set_options(timeout=20_000)  # two busy cores
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("login", sorted({shot.login for shot in SHOTS}))
def test_the_walk_takes_them(address: str, chrome: Browser, login: str) -> None:
    page = signed_in(chrome, address, login, {}).page
    page.set_viewport_size({"width": 1240, "height": 900})
    for shot in (each for each in SHOTS if each.login == login):
        _kept(shot, take(page, shot))
    page.context.close()


def _kept(shot: Shot, png: bytes) -> None:
    assert len(png) > 3_000, shot.name  # an empty page
    if KEEP:
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{shot.name}.webp").write_bytes(compressed(png))


# ---------------------------------------------------------------- the guide and its pictures
@pytest.mark.django_db  # so that there is a database to copy, when these tests run alone
def test_every_picture_of_the_guide_is_there_and_taken_by_the_walk() -> None:
    taken = {PICTURES / f"{shot.name}.webp" for shot in SHOTS}
    assert {path.resolve() for _alt, path in named()} == taken
    assert set(PICTURES.iterdir()) == taken


def test_every_picture_says_what_it_shows() -> None:
    assert [path.name for alt, path in named() if len(alt) < 30] == []


def test_the_pictures_are_few_and_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert len(sizes) <= MOST_PICTURES
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
