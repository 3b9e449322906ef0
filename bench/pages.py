"""What a browser has to fetch for a page's first load, how long the server takes for it, and what the idle system weighs.

`thaki bench pages` starts a real `thaki up` with the demonstration's data (that takes a while; `--data DIR` uses the folder of a
system that is not running instead), signs in as the people who use each page, and asks for the pages one after the other.
Counted for the first load is what the page itself names: styles, scripts, icon, pictures and preloaded fonts, gzipped as sent.
The memory is that of all its processes, what several share counted once (PSS), told twice: idle, when the system has started and
nobody has asked for anything yet, which is the goal's; and at rest after all these pages have been asked for again and again.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from bench._client import Browser
from bench.common import System, machine, memory_mib, own_folder, percentile, ratio, running_system

from thaki.people.backends import DEMO_PASSWORD

GOAL_KB = 250.0
GOAL_MS = 100.0
GOAL_MIB = 400.0
TIMES, WARM_UP = 20, 2
REST_S = 10.0
FETCHED = re.compile(rb'(?:<link[^>]+href|<script[^>]+src|<img[^>]+src|<use href)="(/[^"#]+)', re.IGNORECASE)
# name, who asks ("" for a stranger), address; {case} and {task:Step_8} are looked up
PAGES = (
    ("public form", "", "/contratar/"),
    ("sign-in", "", "/cuenta/login/"),
    ("my work", "ejecutivo1", "/"),
    ("cases", "ejecutivo1", "/casos/"),
    ("search", "ejecutivo1", "/buscar/?q=ma"),
    ("case", "ejecutivo1", "/casos/{case}/"),
    ("history", "ejecutivo1", "/casos/{case}/historia/"),
    ("step 1", "ejecutivo1", "/tareas/{task:Step_1}/"),
    ("step 3, map", "ejecutivo1", "/tareas/{task:Step_3}/"),
    ("step 5, map", "ejecutivo1", "/tareas/{task:Step_5}/"),
    ("step 7", "helpdesk1", "/tareas/{task:Step_7}/"),
    ("step 8", "ejecutivo1", "/tareas/{task:Step_8}/"),
    ("step 9", "ejecutivo1", "/tareas/{task:Step_9}/"),
    ("step 11", "ejecutivo1", "/tareas/{task:Step_11}/"),
    ("step 12", "cobranzas1", "/tareas/{task:Step_12}/"),
    ("step 22", "ejecutivo1", "/tareas/{task:Step_22}/"),
    ("step 25", "ejecutivo1", "/tareas/{task:Step_25}/"),
    ("prospects", "ejecutivo1", "/ventas/prospectos/"),
    ("not served", "canales1", "/ventas/no-atendidas/"),
    ("team", "canales1", "/equipo/"),
    ("incidents", "canales1", "/incidentes/"),
    ("deposits", "cobranzas1", "/ventas/depositos/"),
    ("print queue", "cajero1", "/ventas/caja/"),
    ("procedures", "procesos1", "/procedimientos/"),
    ("policies", "procesos1", "/politicas/"),
    ("users", "admin1", "/personas/"),
)


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench pages")
    parser.add_argument("--data", type=Path, help="the folder of a demonstration that is not running")
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    with ExitStack() as stack:
        folder = args.data.absolute() if args.data else stack.enter_context(own_folder())
        system = stack.enter_context(running_system(folder))
        time.sleep(REST_S)
        idle = memory_mib(system.process.pid)
        found = list(measure(system))
        time.sleep(REST_S)
        memory = memory_mib(system.process.pid)
    print("\n".join(lines(found, idle, memory)), flush=True)
    return 0


@dataclass
class Page:
    """What one page costs."""

    name: str
    status: int
    bytes: int  # of the first load, gzipped
    requests: int
    seconds: list[float] = field(default_factory=list)


def measure(system: System) -> Iterator[Page]:
    """Ask for every page."""
    visitor = Visitor(system.port)
    with psycopg.connect(system.database) as database:
        for name, login, address in PAGES:
            path = _look_up(database, address, login)
            if path is not None:
                yield visitor.visit(name, login, path)


def _look_up(database: psycopg.Connection[tuple[object, ...]], address: str, login: str) -> str | None:
    """The address with its case or task; None when the demonstration has none that this person may do."""
    asked = re.search(r"\{task:(\w+)\}", address)
    if asked:
        row = database.execute(
            "SELECT t.id FROM cases_task t LEFT JOIN people_user u ON u.id = t.assignee_id WHERE t.state = 'open' "
            "AND t.node = %s AND (u.username IS NULL OR u.username = %s) ORDER BY u.username NULLS LAST, t.id LIMIT 1",
            (asked[1], login),
        ).fetchone()
        return address.replace(asked[0], str(row[0])) if row else None
    row = database.execute(
        "SELECT number FROM cases_case WHERE state = 'ended' ORDER BY last_seq DESC LIMIT 1"
    ).fetchone()
    return address.replace("{case}", str(row[0])) if row else None


class Visitor:
    """A browser a person, each signed in once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.browsers: dict[str, Browser] = {}
        self.sizes: dict[str, int] = {}  # of what every page has in common, by address

    def visit(self, name: str, login: str, path: str) -> Page:
        """Ask for a page several times, and for all that it names once."""
        browser = self._browser(login)
        status, content = browser.ask("GET", path)
        names = sorted(set(FETCHED.findall(_plain(content))))
        sizes = [self._size(browser, name.decode()) for name in names]
        page = Page(name, status, len(content) + sum(sizes), 1 + len(sizes))
        for turn in range(WARM_UP + TIMES):
            began = time.perf_counter()
            browser.ask("GET", path)
            if turn >= WARM_UP:
                page.seconds.append(time.perf_counter() - began)
        return page

    def _browser(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = Browser(self.port)
            if login:
                self.browsers[login].sign_in(login, DEMO_PASSWORD)
        return self.browsers[login]

    def _size(self, browser: Browser, path: str) -> int:
        if path not in self.sizes:
            status, content = browser.ask("GET", path)
            if status != http.client.OK:
                raise RuntimeError(f"{path}: {status}")
            self.sizes[path] = len(content)
        return self.sizes[path]


def _plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def lines(pages: Sequence[Page], idle: dict[str, float], memory: dict[str, float]) -> list[str]:
    """What is printed."""
    found = [f"{'page':16}{'status':>7}{'requests':>9}{'KB':>8}{'p50 ms':>8}{'p95 ms':>8}"]
    for page in pages:
        p50, p95 = (percentile(page.seconds, share) * 1000 for share in (0.5, 0.95))
        found.append(f"{page.name:16}{page.status:7}{page.requests:9}{page.bytes / 1000:8.1f}{p50:8.1f}{p95:8.1f}")
    heaviest, slowest = max(pages, key=lambda p: p.bytes), max(pages, key=lambda p: percentile(p.seconds, 0.95))
    p95 = percentile([seconds for page in pages for seconds in page.seconds], 0.95) * 1000
    return [
        *found,
        _memory("idle", idle),
        _memory("at rest after these pages", memory),
        f"all pages: p95 {p95:.1f} ms; slowest: {slowest.name}; heaviest: {heaviest.name}, {heaviest.bytes / 1000:.0f} KB",
        ratio(GOAL_KB * 1000 / heaviest.bytes, 1.0, f"{GOAL_KB:.0f} KB ÷ the heaviest first load"),
        ratio(GOAL_MS / p95, 1.0, f"{GOAL_MS:.0f} ms ÷ p95 of all pages"),
        ratio(GOAL_MIB / sum(idle.values()), 1.0, f"{GOAL_MIB:.0f} MiB ÷ the whole system idle"),
        ratio(GOAL_MIB / sum(memory.values()), 1.0, f"{GOAL_MIB:.0f} MiB ÷ the whole system at rest after use"),
    ]


def _memory(when: str, parts: dict[str, float]) -> str:
    told = ", ".join(f"{name} {mib:.0f}" for name, mib in parts.items())
    return f"memory {when}, in MiB: {told}; in all {sum(parts.values()):.0f}"
