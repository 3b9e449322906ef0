"""The monthly informe over 100,000 sales: `thaki bench report`.

The sales are copies of a few that really walked (see `_clone`), all of them sold in the month measured, each with its tasks,
orders and invoices; as many again lie in the months before. What is timed is the whole of a build: every figure of the informe
counted from one snapshot, then its PDF and its workbook made. The ratio is the goal of 3 seconds divided by the median of the
figures' time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from typing import Any

import psycopg
from bench._clone import AGO
from bench.common import machine, own_database, own_folder, ratio, use_database

SALES = 100_000
ROUNDS = 5
GOAL_S = 3.0
SELLERS = 40
# No two copies of a task take as long: up to two days more than the walked one.
_LONGER = f"t.{{column}} - {AGO} - ((g * 7919 + t.token * 104729) %% 172800) * interval '1 second'"


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench report")
    parser.add_argument("--sales", type=int, default=SALES, help="how many sales the month has")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    with own_folder() as folder, own_database(folder, durable=False) as url:
        began = time.perf_counter()
        make(url, args.sales)
        print(f"{args.sales:,} sales in the month, as many before, in {time.perf_counter() - began:.0f} s", flush=True)
        use_database(url)
        print("\n".join(measured(args.rounds)), flush=True)
    return 0


# ---------------------------------------------------------------- making
def make(url: str, count: int) -> None:
    """A month of sales, walked a few times and copied; and the months before it."""
    from bench import _sales
    from django.utils import timezone

    _sales.make_house()
    walked = templates()
    sellers = _sellers()
    days = timezone.localdate().day - 1  # so far back the month goes: nothing of it may slip into the one before
    use_database(url)
    with psycopg.connect(url, autocommit=True) as connection:
        fill(connection, walked, sellers, count, days)


def templates() -> list[int]:
    """Sales that were walked to their ends."""
    from bench import _sales
    from bench._house import all_roles

    from thaki.people.models import User

    by = User.objects.create(username="plantilla", first_name="Plantilla", roles=all_roles())
    walker = _sales.Walker(by, Random(20260101))
    ways = [
        _sales.plan(payment="postpaid"),
        _sales.plan(payment="prepaid_transfer"),
        _sales.plan(payment="prepaid_web"),
        _sales.plan(end="annulled", payment="prepaid_transfer"),
    ]
    made = []
    for way in ways:
        case = walker.open()
        for _done in walker.walk(case, way):
            pass
        made.append(int(case.pk))
    return made


def _sellers() -> list[int]:
    from thaki.people.models import User

    people = [
        User(username=f"vendedor{n}", first_name=f"Vendedor {n}", roles=["ejecutivo_ventas_digitales"])
        for n in range(SELLERS)
    ]
    return [person.pk for person in User.objects.bulk_create(people)]


def fill(connection: psycopg.Connection[Any], walked: list[int], sellers: list[int], count: int, days: int) -> None:
    """Copy them: so many into this month, and as many over the months before."""
    from bench import _clone
    from bench._clone import Cloner

    _clone.OTHERWISE["cases_task", "opened_at"] = _LONGER
    cloner = Cloner(connection, sellers)
    times = -(-count // len(walked))
    with cloner.without_indexes():
        cloner.copy(walked, times, since=f"{days} days", spread="300 days")
        cloner.copy(walked, times, spread=f"{days} days", first=times + 1)
    # The copies have the template's seller and zone: give every sale one of many.
    connection.execute(
        "UPDATE sales_sale SET executive_id = (%s::bigint[])[1 + case_id %% %s], zone = 'Zona ' || (case_id %% 60)",
        (sellers, len(sellers)),
    )
    connection.execute("VACUUM ANALYZE")


# ---------------------------------------------------------------- measuring
def measured(rounds: int) -> list[str]:
    """What a build takes, part by part."""
    from types import SimpleNamespace

    from django.utils import timezone

    from thaki.procedures.sales.reports import informe, monthly
    from thaki.reporting.months import month_of

    month = month_of(timezone.now())
    report: Any = SimpleNamespace(
        data={}, comment="", case=SimpleNamespace(number="INF-2026-000001"), sent_at=None, sent_by=None
    )
    figures: list[float] = []
    parts = _Parts()
    data: dict[str, Any] = {}
    for _ in range(rounds):
        data = _timed(figures, lambda: monthly.compile_report(month, tell=parts.tell))
    pdf: list[float] = []
    xlsx: list[float] = []
    _timed(pdf, lambda: informe.produce_pdf(report, data))
    _timed(xlsx, lambda: informe.produce_xlsx(report, data))
    counted = data["totals"]
    return [
        f"{counted['sales']:,} sold, {counted['closed']:,} closed, {counted['annulled']:,} annulled, "
        f"{sum(one['done'] for one in data['times']):,} steps done",
        f"figures: median {median(figures):.2f} s, worst {max(figures):.2f} s of {rounds}",
        *parts.lines(),
        f"PDF {pdf[0]:.2f} s, workbook {xlsx[0]:.2f} s",
        ratio(GOAL_S / median(figures), 1.0, f"the month's figures in {GOAL_S:.0f} s"),
    ]


def _timed(into: list[float], do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = do()
    into.append(time.perf_counter() - began)
    return result


class _Parts:
    """How long each part took, from the progress that a build tells."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self.running, self.since = "", 0.0

    def tell(self, done: int, part: str) -> None:
        """A part begins; the one before is over."""
        now = time.perf_counter()
        if self.running:
            self.seconds.setdefault(self.running, []).append(now - self.since)
        self.running, self.since = part, now

    def lines(self) -> list[str]:
        """A line a part."""
        return [f"  {part}: {median(found):.2f} s" for part, found in self.seconds.items()]
