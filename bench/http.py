"""Completions of steps a second over HTTP, by eight people at once, with everything on: `thaki bench http`.

The system is a real `thaki up` (granian, one process a core; the worker; the mail catcher; an embedded PostgreSQL of its own,
durable) on a temporary folder. Eight clients, each a process and a person of its own, post the answers of whole sales from the
first step to the last: sessions, CSRF, two-factor middleware, Content Security Policy, forms, rules, history, effects, PDFs and
mails are all there. The clients run on the same machine and share its cores with the system.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from bench.common import (
    System,
    cpu_of,
    cpu_seconds,
    machine,
    own_database,
    own_folder,
    percentile,
    ratio,
    running_system,
)

from thaki.config import environment

GOAL_RATE = 200.0  # completions a second
GOAL_P95_S = 0.060
CLIENTS = 8
WAYS = ("postpaid", "prepaid_transfer")
STEPS_A_CASE = 16  # of these ways, about
WINDOW = 6  # cases that a person has in hand: their steps mix
WARM_UP_S = 6.0
SIGN_IN_S = 4.0


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench http")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to measure")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    with own_folder() as folder:
        plans = _prepare(folder, args.clients, args.seconds)
        (folder / "demo").touch()  # with the mail catcher and the people's known password
        with running_system(folder) as system:
            print("\n".join(_measure(system, plans, args.seconds).lines()), flush=True)
    return 0


# ---------------------------------------------------------------- what the clients will do
def _prepare(folder: Path, clients: int, seconds: float) -> list[dict[str, Any]]:
    """Make people and cases; one plan a client, with the answers to every step of both ways."""
    from bench import _sales

    from thaki.people.backends import DEMO_PASSWORD

    with own_database(folder):
        _sales.make_house()
        people = _sales.everybody(clients)
        walker = _sales.Walker(people[0], Random(20260101))
        answers = {way: _answers(walker, way) for way in WAYS}
        count = int(seconds * GOAL_RATE * 1.5 / STEPS_A_CASE / clients) + 2 * WINDOW
        plans = [
            {
                "login": person.username,
                "password": DEMO_PASSWORD,
                "window": WINDOW,
                "answers": answers,
                "cases": [_case(walker, WAYS[number % 2]) for number in range(count)],
            }
            for person in people
        ]
        _sales.analyse()
    return plans


def _answers(walker: Any, way: str) -> dict[str, Any]:
    """What the demonstration's people answer at every step of one whole sale."""
    from bench import _sales

    told: dict[str, dict[str, Any]] = {}
    for task, (data, files) in walker.walk(walker.open(), _sales.plan(payment=way)):
        sent = [
            (name, upload.name, base64.b64encode(_content(upload)).decode())
            for name in files
            for upload in files.getlist(name)
        ]
        told[task.node] = {"data": {k: v for k, v in data.items() if v is not None}, "files": sent}
    # Which lines are the nearest is another matter at every place; a number that the customer gives is good anywhere.
    [reference, *_more] = told["Step_6"]["data"].pop("reference_numbers")
    told["Step_6"]["data"]["other_reference"] = reference
    return told


def _content(upload: Any) -> bytes:
    upload.seek(0)
    return bytes(upload.read())


def _case(walker: Any, way: str) -> dict[str, Any]:
    """A fresh case, and what only its own customer would answer."""
    case = walker.open()
    prospect = case.sale.prospect
    rng = walker.rng
    return {
        "id": case.pk,
        "way": way,
        "own": {
            "Step_3": {
                "ci_number": str(rng.randint(3_000_000, 12_999_999)),
                **{name: str(getattr(prospect, name)) for name in ("phone", "address", "zone", "lat", "lon")},
            },
            "Step_11": {"slip_number": str(rng.randint(10_000_000, 99_999_999)), "depositor": prospect.name},
            "Step_17": {
                "delivered_to": prospect.name,
                "delivered_id": "4567890",
            },  # another than the case walked before
        },
    }


# ---------------------------------------------------------------- the measurement
@dataclass(slots=True)
class Measured:
    """What came of it."""

    clients: int
    seconds: float
    by_step: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    waiting: int = 0  # effects that the worker had not yet done at the end
    ran_dry: bool = False

    @property
    def all(self) -> list[float]:
        """Seconds of every completion."""
        return [seconds for values in self.by_step.values() for seconds in values]

    def lines(self) -> list[str]:
        """What is printed."""
        done = self.all
        rate, p95 = len(done) / self.seconds, percentile(done, 0.95)
        lines = [f"{'step':24}{'count':>7}{'p50 ms':>9}{'p95 ms':>9}"]
        for node in sorted(self.by_step, key=_signed):
            values = self.by_step[node]
            p50 = percentile(values, 0.5)
            lines.append(f"{node:24}{len(values):7}{p50 * 1000:9.1f}{percentile(values, 0.95) * 1000:9.1f}")
        lines += [f"refused: {why}" for why in self.refused[:5]]
        if self.ran_dry:
            lines.append("the clients ran out of cases: measure for fewer seconds")
        used = ", ".join(f"{name} {1000 * seconds / max(1, len(done)):.1f}" for name, seconds in self.cpu.items())
        return [
            *lines,
            f"processor time a completion, in ms: {used}",
            f"{self.clients} clients on the same machine, {len(done)} completions in {self.seconds:.0f} s: "
            f"{rate:.1f}/s, p50 {percentile(done, 0.5) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms; "
            f"{len(self.refused)} refused; {self.waiting} effects still to be done by the worker",
            ratio(rate / GOAL_RATE, 1.0, f"completions a second ÷ {GOAL_RATE:.0f}"),
            ratio(GOAL_P95_S / p95 if p95 else 0.0, 1.0, f"{GOAL_P95_S * 1000:.0f} ms ÷ p95"),
        ]


def _signed(node: str) -> tuple[int, str]:
    number = node.rpartition("_")[2]
    return (int(number) if number.isdigit() else 99, node)


def _measure(system: System, plans: list[dict[str, Any]], seconds: float) -> Measured:
    begin = time.time() + SIGN_IN_S
    start, end = begin + WARM_UP_S, begin + WARM_UP_S + seconds
    shared = {"port": system.port, "database": system.database, "begin": begin, "until": end}
    clients = [_client(plan | shared) for plan in plans]
    time.sleep(max(0.0, start - time.time()))
    before = _cpu(system, clients)
    time.sleep(max(0.0, end - time.time()))
    after = _cpu(system, clients)
    measured = Measured(len(plans), seconds, waiting=_waiting(system.database))
    measured.cpu = {name: after[name] - before.get(name, 0.0) for name in after}
    _gather(measured, clients, start, end)
    return measured


def _client(plan: dict[str, Any]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench._client"],
        cwd=environment.CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None  # just asked for
    process.stdin.write(json.dumps(plan).encode())
    process.stdin.close()
    return process


def _cpu(system: System, clients: list[subprocess.Popen[bytes]]) -> dict[str, float]:
    return cpu_seconds(system.process.pid) | {"clients": cpu_of([client.pid for client in clients])}


def _waiting(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM cases_effect WHERE state = 'pending'").fetchone()
    return int(row[0]) if row else 0


def _gather(measured: Measured, clients: list[subprocess.Popen[bytes]], start: float, end: float) -> None:
    for client in clients:
        assert client.stdout is not None
        told = json.load(client.stdout)
        client.wait()
        measured.refused += told["refused"]
        measured.ran_dry |= not told["left"]
        for at, node, took in told["done"]:
            if start <= at < end:
                measured.by_step[node].append(took)
