"""Does it get slower with more cases? Worklist, case page and a step at 1,000 and at 200,000 cases: `thaki bench scale`.

Both sizes are made out of the same few sales that really walked (see `_clone`), in two databases of one embedded PostgreSQL
of the bench's own, and measured in turn, round after round, in one process through the whole of Django (middleware, session,
views, templates): what disturbs the machine disturbs both. Most cases are over; the open ones grow too, tenfold, and so do
the people who have them, each with as many as before. This PostgreSQL does not wait for the disk, which would hide a
difference.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Any

import psycopg
from bench.common import machine, own_database, own_folder, ratio, use_database

GOAL = 1.2
SMALL, LARGE = 1_000, 200_000
SMALL_OPEN, LARGE_OPEN = 300, 3_000
SMALL_STAFF, LARGE_STAFF = 10, 100
ROUNDS, SAMPLES, WARM_UP = 8, 6, 3
STEP = "Step_2"  # a residential customer: nothing but the step itself
CLOSED_DAYS, OPEN_DAYS = "1800 days", "20 days"
KINDS = ("worklist", "case page", "step", "search")
SEARCH_MS = 50  # the most that a search may take
# A name that many have, one that few have, one that nobody has, a telephone, a card, a number in parts, a slip.
SOUGHT = ("rojas", "quispe mamani maria", "zurita ana", "zzyzx", "712 34", "4567890", "2026-123", "9000123")


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench scale")
    parser.add_argument("--cases", type=int, default=LARGE, help="how many cases the large database has")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    with own_folder() as folder, own_database(folder, durable=False) as url:
        sizes = (
            Size("small", SMALL, SMALL_OPEN, SMALL_STAFF),
            Size("large", args.cases, min(LARGE_OPEN, args.cases // 3), LARGE_STAFF),
        )
        make(url, sizes)
        measure(sizes, args.rounds)
    print("\n".join(lines(*sizes)), flush=True)
    return 0


@dataclass
class Size:
    """One of the two databases, and what was measured on it."""

    name: str
    cases: int
    open: int
    staff: int  # people who have the open cases
    url: str = ""
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # the median of each round
    tasks: list[int] = field(default_factory=list)  # that the measured person will complete
    numbers: list[str] = field(default_factory=list)  # of the cases that he will look at


# ---------------------------------------------------------------- making
def make(url: str, sizes: Sequence[Size]) -> None:
    """Walk the few, then copy them into a database for each size."""
    from bench import _sales

    _sales.make_house()
    closed, still_open = templates()
    staff = _staff(max(size.staff for size in sizes))
    use_database(url)  # nobody may be connected to what is copied
    for size in sizes:
        began = time.perf_counter()
        size.url = _copy_database(url, f"bench_{size.name}")
        with psycopg.connect(size.url, autocommit=True) as connection:
            fill(connection, size, closed, still_open, staff[: size.staff])
        print(f"{size.cases:,} cases ({size.open:,} open) in {time.perf_counter() - began:.0f} s", flush=True)


def templates() -> tuple[list[int], list[int]]:
    """Ids of a few walked cases: those that ended, each another way, and those that wait, each at another step."""
    from bench import _sales

    from thaki.people.models import User

    walker = _sales.Walker(User.objects.create(username="plantilla", roles=_all_roles()), Random(20260101))
    ways = [
        _sales.plan(payment="postpaid"),
        _sales.plan(payment="prepaid_transfer"),
        _sales.plan(end="handed_over"),
        _sales.plan(end="unserved", lost_at="7"),
        _sales.plan(end="unserved", lost_at="8"),
    ]
    waiting = [_sales.plan(step) for step in ("1", "2", "2", "2", "7", "8", "9", "18", "23", "25")]
    waiting.append(_sales.plan("12", payment="prepaid_transfer"))
    return [_walked(walker, way) for way in ways], [_walked(walker, way) for way in waiting]


def _all_roles() -> list[str]:
    from thaki.people.roles import Role

    return [role.value for role in Role]


def _walked(walker: Any, way: Any) -> int:
    case = walker.open()
    for _done in walker.walk(case, way):
        pass
    return int(case.pk)


def _staff(count: int) -> list[int]:
    """Executives, the first of whom is measured."""
    from thaki.people.models import User

    roles = ["ejecutivo_ventas_digitales"]
    people = [User(username=f"vendedor{number}", roles=roles) for number in range(count)]
    return [person.pk for person in User.objects.bulk_create(people)]


def _copy_database(url: str, name: str) -> str:
    from bench.common import close

    close()
    with psycopg.connect(url.replace("/thaki?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE thaki")
    return url.replace("/thaki?", f"/{name}?")


def fill(
    connection: psycopg.Connection[Any], size: Size, closed: list[int], still_open: list[int], staff: list[int]
) -> None:
    """Copy the templates until there are as many as wanted; give the measured person work."""
    from bench._clone import Cloner

    cloner = Cloner(connection, staff)
    with cloner.without_indexes():
        rounds = -(-size.open // len(still_open))
        cloner.copy(still_open, rounds, spread=OPEN_DAYS)
        cloner.copy(closed, -(-(size.cases - rounds * len(still_open)) // len(closed)), spread=CLOSED_DAYS)
    connection.execute("VACUUM ANALYZE")
    # The same amount of work waits for the measured person at either size; the steps that he will do come on top.
    rows = connection.execute(
        "UPDATE cases_task SET assignee_id = %s, assigned_at = opened_at WHERE id IN (SELECT id FROM cases_task "
        "WHERE node = %s AND state = 'open' ORDER BY id LIMIT %s) RETURNING id",
        (staff[0], STEP, ROUNDS * (SAMPLES + WARM_UP)),
    ).fetchall()
    size.tasks = [row[0] for row in rows]
    numbers = "SELECT number FROM cases_case c JOIN cases_task t ON t.case_id = c.id WHERE t.node = 'Step_9'"
    rows = connection.execute(f"{numbers} AND t.state = 'open' ORDER BY c.id LIMIT 20").fetchall()
    size.numbers = [row[0] for row in rows]
    connection.execute("CHECKPOINT")  # what was copied is not written while steps are measured


# ---------------------------------------------------------------- measuring
def measure(sizes: Sequence[Size], rounds: int) -> None:
    """Both in turn, so that both meet the same machine."""
    for _ in range(rounds):
        for size in sizes:
            _round(size)


def _round(size: Size) -> None:
    from django.test import Client

    from thaki.people.models import User

    use_database(size.url)
    client = Client(HTTP_HOST="localhost")
    measured = defaultdict(list)
    client.force_login(User.objects.get(username="vendedor0"), backend="django.contrib.auth.backends.ModelBackend")
    for turn in range(WARM_UP + SAMPLES):
        number = size.numbers[turn % len(size.numbers)]
        took = {
            "worklist": _timed(client, 200, "get", "/"),
            "case page": _timed(client, 200, "get", f"/casos/{number}/"),
            "step": _timed(client, 302, "post", f"/tareas/{size.tasks.pop()}/", {"category": "residential"}),
            "search": sum(_timed(client, 200, "get", "/buscar/", {"q": text}) for text in SOUGHT) / len(SOUGHT),
        }
        client.cookies.pop("messages", None)  # as if the next page had shown them
        if turn >= WARM_UP:
            for kind, seconds in took.items():
                measured[kind].append(seconds)
    for kind, values in measured.items():
        size.seconds[kind].append(median(values))


def _timed(client: Any, expected: int, method: str, path: str, data: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    answer = getattr(client, method)(path, data or {})
    seconds = time.perf_counter() - began
    if answer.status_code != expected:
        raise RuntimeError(f"{method} {path}: {answer.status_code}")
    return seconds


def lines(small: Size, large: Size) -> list[str]:
    """What is printed."""
    found = [f"{'median ms':12}{small.cases:>12,}{large.cases:>12,}"]
    found += [f"{kind:12}{_ms(small, kind):12.1f}{_ms(large, kind):12.1f}" for kind in KINDS]
    for kind in KINDS:
        # Round by round, since others may have kept the machine busy in some of them.
        by_round = [b / a for a, b in zip(small.seconds[kind], large.seconds[kind], strict=True)]
        what = f"{kind}: {large.cases:,} cases ÷ {small.cases:,} (no more than the goal)"
        found.append(ratio(median(by_round), GOAL, what))
    found.append(ratio(_ms(large, "search") / SEARCH_MS, 1.0, f"search: of {SEARCH_MS} ms, page and all (no more)"))
    return found


def _ms(size: Size, kind: str) -> float:
    return median(size.seconds[kind]) * 1000
