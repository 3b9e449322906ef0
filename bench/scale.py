"""Does it get slower with more cases? What people open all day, at 1,000 and at 200,000 cases (`--cases`): `thaki bench scale`.

Three databases of one embedded PostgreSQL of the bench's own, all made out of the same few sales that really walked (`_house`):
*small* of 1,000 cases and 10 people; *large* of so many as asked and 100 people; *same*, which has the open work, the people and
the last two months of the large one, and nothing before. They are measured in turn, round after round, in one process through the
whole of Django (middleware, session, views, templates), so that what disturbs the machine disturbs all of them.

Like is compared with like. What a person sees of his own (worklist, prospects, case, step, search) stands in large ÷ small: the
measured person has as many tasks, prospects and recent sales in both, and may take as many; his colleagues have ten times as
many in the large one. What a head sees of everybody is as much as there is open work, whatever is in the archive: it stands in
large ÷ same.

Ratios are of processor time, that of this process and of the PostgreSQL that serves it together, since it is told the same on a
busy machine as on a quiet one; the time by the clock is printed beside it. This PostgreSQL does not wait for the disk, which
would hide a difference.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg
from bench import _care, _house
from bench._house import House
from bench.common import machine, own_database, own_folder, percentile, ratio, served, use_database

GOAL = 1.2
SMALL, LARGE = 1_000, 200_000
SMALL_STAFF, LARGE_STAFF = 10, 100
ROUNDS, SAMPLES, WARM_UP = 8, 6, 3
SEARCH_MS, PAGE_MS = 50, 100  # the most that a search and any page may take
SELLER, HEAD = "vendedor0", "responsable"


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench scale")
    parser.add_argument("--cases", type=int, default=LARGE, help="how many cases the large database has")
    parser.add_argument("--staff", type=int, default=LARGE_STAFF, help="how many people share its open cases")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=("sales", "retention"), help="one procedure's part")
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    if args.only != "retention":
        _sales_part(args)
    if args.only != "sales":
        from bench import _sales

        with own_folder() as folder, own_database(folder, durable=False) as url:
            _sales.make_house()
            use_database(url)  # nobody may be connected to what is copied
            print("\n".join(_care.measure(url, _copy_database, args.rounds)), flush=True)
    return 0


def _sales_part(args: argparse.Namespace) -> None:
    """Worklists, cases, boards, search."""
    houses = (
        House("small", SMALL, SMALL_STAFF),
        House("same", 0, args.staff),
        House("large", args.cases, args.staff),
    )
    with own_folder() as folder, own_database(folder, durable=False) as url:
        make(url, houses)
        for _ in range(args.rounds):
            for house in houses:
                _round(house)
    print("\n".join(lines(*houses)), flush=True)


# ---------------------------------------------------------------- making
def make(url: str, houses: Sequence[House]) -> None:
    """Walk the few, then copy them into a database for each house."""
    from bench import _sales

    _sales.make_house()
    found = _house.walked()
    staff = _house.people(max(house.staff for house in houses))
    use_database(url)  # nobody may be connected to what is copied
    for house in houses:
        began = time.perf_counter()
        house.url = _copy_database(url, f"bench_{house.name}")
        with psycopg.connect(house.url, autocommit=True) as connection:
            _house.fill(connection, house, found, staff[: house.staff], ROUNDS * (SAMPLES + WARM_UP))
            (rows,) = connection.execute(
                "SELECT count(*), pg_database_size(current_database()) FROM cases_case"
            ).fetchall()
        told = f"{rows[0]:,} cases ({house.open:,} open), {house.staff} people, {rows[1] / 2**20:,.0f} MiB"
        _count_days(house)
        print(f"{house.name}: {told}, in {time.perf_counter() - began:.0f} s", flush=True)


def _copy_database(url: str, name: str) -> str:
    from bench.common import close

    close()
    with psycopg.connect(url.replace("/thaki?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE thaki")
    return url.replace("/thaki?", f"/{name}?")


def _count_days(house: House) -> None:
    """What the worker does at night: the days that are over are counted."""
    from django.utils import timezone

    from thaki.cases import rollups

    use_database(house.url)
    rollups.roll(now=timezone.now())


# ---------------------------------------------------------------- what is read
@dataclass(frozen=True, slots=True)
class Read:
    """A page, who opens it, and which two houses are compared."""

    kind: str
    who: str
    path: Callable[[House, int], str]  # of the turn
    against: str = "small"
    goal_ms: float = PAGE_MS
    accepted: tuple[int, ...] = (200,)


def _at(path: str) -> Callable[[House, int], str]:
    return lambda _house, _turn: path


# Retention's reads (antecedents, the supervisor's board) join here, and its templates in `_house.walked`.
READS = (
    Read("worklist", SELLER, _at("/")),
    Read("case page", SELLER, lambda house, turn: f"/casos/{house.numbers[turn % len(house.numbers)]}/"),
    Read("own prospects", SELLER, _at("/ventas/prospectos/")),
    Read("own prospects, list", SELLER, _at("/ventas/prospectos/?vista=lista")),
    Read("cases, list", SELLER, _at("/casos/")),
    Read("own dashboard", SELLER, _at("/tablero/"), "same"),
    Read("board of prospects", HEAD, _at("/ventas/prospectos/"), "same"),
    Read("board of orders (25)", HEAD, _at("/ventas/seguimiento/"), "same"),
    Read("list of unserved (19)", HEAD, _at("/ventas/no-atendidas/"), "same"),
    Read("the team's work", HEAD, _at("/equipo/"), "same"),
    Read("head's dashboard", HEAD, _at("/tablero/"), "same"),
    Read("dashboard: team", HEAD, _at("/tablero/parte/team/"), "same"),
    Read("dashboard: indicator", HEAD, _at("/tablero/parte/indicator/"), "same"),
    Read("dashboard: times", HEAD, _at("/tablero/parte/times/"), "same"),
)
SEARCH, LISTED, STEP = "search", "search in the list", "step"


def _round(house: House) -> None:
    use_database(house.url)
    clients = {login: _signed_in(login) for login in (SELLER, HEAD)}
    measured: dict[str, list[float]] = defaultdict(list)
    for turn in range(WARM_UP + SAMPLES):
        _forget()
        took = {read.kind: _timed(clients[read.who], "get", read.path(house, turn), read.accepted) for read in READS}
        took[STEP] = _timed(
            clients[SELLER], "post", f"/tareas/{house.tasks.pop()}/", (302,), {"category": "residential"}
        )
        for name, path in ((SEARCH, "/buscar/"), (LISTED, "/casos/")):
            each = {
                f"  {what}": _timed(clients[SELLER], "get", path, (200, 302), {"q": text})
                for what, text in house.sought.items()
            }
            took[name] = tuple(sum(pair) / len(each) for pair in zip(*each.values(), strict=True))
            if name == SEARCH:
                took |= each
        clients[SELLER].cookies.pop("messages", None)  # as if the next page had shown them
        if turn >= WARM_UP:
            for kind, (cpu, wall) in took.items():
                house.cpu[kind].append(cpu)
                house.wall[kind].append(wall)
                measured[kind].append(cpu)
    for kind, values in measured.items():
        house.rounds[kind].append(median(values))


def _signed_in(login: str) -> Any:
    from django.test import Client

    from thaki.people.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _forget() -> None:
    """What is worked out once a minute is worked out anew: its cost is what is measured."""
    from thaki.web import heat
    from thaki.web.dashboard import parts

    parts.forget()
    heat.forget()


def _timed(
    client: Any, method: str, path: str, accepted: tuple[int, ...], data: dict[str, str] | None = None
) -> tuple[float, float]:
    """Milliseconds of processor, here and in PostgreSQL, and by the clock."""
    theirs = served()
    began, used = time.perf_counter(), time.process_time()
    answer = getattr(client, method)(path, data or {})
    used, took = time.process_time() - used, time.perf_counter() - began
    if answer.status_code not in accepted:
        raise RuntimeError(f"{method} {path}: {answer.status_code}")
    return (used + served() - theirs) * 1000, took * 1000


# ---------------------------------------------------------------- telling
def lines(small: House, same: House, large: House) -> list[str]:
    """What is printed."""
    houses = {house.name: house for house in (small, same, large)}
    kinds = list(large.cpu)
    head = "".join(f"{name:>20}" for name in houses)
    found = [f"{'ms of processor: p50, p95; by the clock: p50':44}", f"{'':26}{head}"]
    found += [f"{kind:26}" + "".join(f"{_told(house, kind):>20}" for house in houses.values()) for kind in kinds]
    against = {read.kind: read.against for read in READS}
    for kind in kinds:
        if not kind.startswith(" "):
            found.append(_ratio(kind, houses[against.get(kind, "small")], large))
    reached = median(large.cpu[SEARCH])
    found.append(ratio(reached / SEARCH_MS, 1.0, f"search: {reached:.0f} of {SEARCH_MS} ms, page and all (no more)"))
    worst = max((kind for kind in kinds if not kind.startswith(" ")), key=lambda kind: median(large.cpu[kind]))
    reached = median(large.cpu[worst])
    found.append(ratio(reached / PAGE_MS, 1.0, f"dearest of them ({worst}): {reached:.0f} of {PAGE_MS} ms (no more)"))
    return found


def _told(house: House, kind: str) -> str:
    cpu, wall = house.cpu[kind], house.wall[kind]
    return f"{median(cpu):.1f} {percentile(cpu, 0.95):.1f}; {median(wall):.1f}"


def _ratio(kind: str, one: House, large: House) -> str:
    # Round by round, since others may have kept the machine busy in some of them.
    by_round = [b / a for a, b in zip(one.rounds[kind], large.rounds[kind], strict=True)]
    what = "1,000 cases" if one.name == "small" else "the same open work"
    by_clock = median(large.wall[kind]) / median(one.wall[kind])
    return ratio(
        median(by_round), GOAL, f"{kind}: {large.cases:,} cases ÷ {what} (no more; by the clock {by_clock:.2f})"
    )
