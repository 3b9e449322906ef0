"""Retention's part of `thaki bench scale`: a customer's antecedents among 200,000 customers with 1,000,000 claims, against
1,000 customers with 5,000; and the supervisor's board with 500 open orders beside 60,000 that are over.

Both registers are made by the same statements, so that each customer has as much in the one as in the other: two services, five
claims (one in ten reiterated), six months of bills, and some of them a courtesy, a debt, an entry in the Central de Riesgos.
Customers are drawn anew for every time, as an adviser meets them. They are measured in turn, in processor time of this process
and its PostgreSQL for the ratio, and by the clock for the limits.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from statistics import median

import psycopg
from bench.common import close, percentile, ratio, served, use_database

SMALL, LARGE = 1_000, 200_000
CLAIMS_EACH = 5
OPEN_ORDERS, PAST_ORDERS = 500, 60_000
ROUNDS, SAMPLES, WARM_UP = 8, 40, 10
GOAL, ANTECEDENTS_MS, BOARD_MS = 1.2, 30, 100
BOARD = "/retencion/ordenes/"
# `base` is beyond what the demonstration's records use.
_FILL = (
    """
INSERT INTO customers_customer (id, code, category, bond, segment, given_names, surnames, business_name, ci_number, ci_complement,
    ci_department, nit, email, email_bounced, address, address_reference, zone, registered_at, sort_key, name_keys, trigrams)
SELECT 1000000 + n, 'B-' || n, 'residential', 'client', CASE WHEN n %% 20 = 0 THEN 'vip' ELSE 'regular' END, 'Socio',
    'Número ' || n, '', (20000000 + n)::text, '', 'CB', '', '', false, 'Av. América ' || n, '',
    'Queru Queru', now() - interval '900 days',
    'numero ' || n, '{}', '{}' FROM generate_series(1, %(many)s) n""",
    """
INSERT INTO customers_subscription (id, customer_id, plan_id, technology, number, status, since_on)
SELECT 10000000 + n * 2 + s, 1000000 + n, (SELECT id FROM offers_plan WHERE code = CASE s WHEN 0 THEN 'FO60' ELSE 'TVHD' END),
    'FO', (50000000 + n * 2 + s)::text, 'active', current_date - 800
FROM generate_series(1, %(many)s) n, generate_series(0, 1) s""",
    """
INSERT INTO claims_claim (id, number, customer_id, subscription_id, product, fault, description, claimed_at, solved_at,
    solution, source)
SELECT 1000000 + n * %(each)s + c, 'B-REC-' || n || '-' || c, 1000000 + n, 10000000 + n * 2 + c %% 2,
    CASE c %% 2 WHEN 0 THEN 'internet' ELSE 'tv' END, 'cuts', 'Se corta', t,
    CASE WHEN (n + c) %% 9 > 0 THEN t + interval '20 minutes' END,
    CASE WHEN (n + c) %% 9 > 0 THEN 'Cambio de conector' ELSE '' END, 'phone'
FROM (SELECT n, c, now() - make_interval(days => (n * 7 + c * 83) %% 400, hours => n %% 24) - interval '1 hour' AS t
      FROM generate_series(1, %(many)s) n, generate_series(0, %(each)s - 1) c) rows""",
    """
INSERT INTO claims_reiteration (claim_id, at, note, reopens)
SELECT id, claimed_at + interval '10 minutes', '', false FROM claims_claim WHERE id >= 1000000 AND id %% 10 = 0""",
    """
INSERT INTO billing_servicebill (subscription_id, month, amount_bob, issued_on, due_on, adjusted_bob)
SELECT s.id, m, 189, m + 4, m + 19, 0 FROM customers_subscription s,
    (SELECT (date_trunc('month', now()) - make_interval(months => b))::date AS m FROM generate_series(0, 5) b) months
WHERE s.id >= 10000000""",
    """
INSERT INTO courtesies_courtesy (customer_id, subscription_id, kind, name, cost_bob, case_ref, starts_on, ends_on, given_at,
    ended_why)
SELECT 1000000 + n, 10000000 + n * 2, 'max', 'Línea Max', 60, '', current_date - 9, current_date + 20, now() - interval '9 days',
    ''
FROM generate_series(1, %(many)s, 20) n""",
    """
INSERT INTO customers_debt (customer_id, concept, amount_bob, due_on)
SELECT 1000000 + n, 'Factura del mes', 189, current_date - 20 FROM generate_series(1, %(many)s, 10) n""",
    """
INSERT INTO credit_bureau_riskentry (ci_number, ci_complement, nit, name, entity, listed_on, note, brought_at)
SELECT (20000000 + n)::text, '', '', 'Socio', 'Banco', current_date - 90, '', now() FROM generate_series(1, %(many)s, 50) n""",
)
_PAST_ORDERS = """
INSERT INTO work_orders_workorder (number, key, case_ref, customer_id, subscription_id, product, activity_code, activity,
    payment_form, charge_bob, observations, address, address_reference, zone, contact_name, contact_phone, state,
    issued_at, due_at, prints,
    arrived_at, closed_at, result, cancelled_why, review, version)
SELECT 'B-OT-' || n, 'B-OT-' || n, 'B-' || n, 1000000 + n, 10000000 + n * 2, 'internet', '40530',
    '40530 PEX/Adecuación por Retención', 'Crédito', 0, 'GLOSA', '', '', 'Queru Queru', 'Socio', '71234567',
    'closed', t, t + interval '1 day', 1,
    t + interval '20 hours', t + interval '21 hours', 'Hecho', '', '', 1
FROM (SELECT n, now() - make_interval(days => 2 + n %% 900) AS t FROM generate_series(1, %(past)s) n) rows"""


@dataclass(slots=True)
class Register:
    """One of the databases, and what was measured on it."""

    name: str
    customers: int
    url: str = ""
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rounds: list[float] = field(default_factory=list)


def measure(url: str, copy: Callable[[str, str], str], rounds: int = ROUNDS) -> list[str]:
    """Make both registers out of the house at `url`, measure them in turn, and tell."""
    registers = (Register("small", SMALL), Register("large", LARGE))
    for register in registers:
        began = time.perf_counter()
        register.url = copy(url, f"bench_care_{register.name}")
        _fill(register)
        took = time.perf_counter() - began
        claims = register.customers * CLAIMS_EACH
        print(
            f"retention, {register.name}: {register.customers:,} customers, {claims:,} claims, {took:.0f} s", flush=True
        )
    _open_orders(registers[1])
    for number in range(rounds):
        for register in registers:
            _round(register, Random(number))
    _board(registers[1])
    return _lines(*registers)


# ---------------------------------------------------------------- making
def _fill(register: Register) -> None:
    with psycopg.connect(register.url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the rows' history is not what is measured
        for statement in _FILL:
            connection.execute(statement, {"many": register.customers, "each": CLAIMS_EACH})
        past = min(PAST_ORDERS, register.customers)
        connection.execute(_PAST_ORDERS, {"past": past})
        connection.execute("VACUUM ANALYZE")


def _open_orders(register: Register) -> None:
    """Cases that really began, each with an order that waits at 6 or 7, a sixth of them late."""
    from django.utils import timezone

    from thaki.cases import runtime
    from thaki.cases.models import Task
    from thaki.people.models import User
    from thaki.procedures.retention.models import Retention
    from thaki.records.customers.models import Subscription
    from thaki.records.work_orders import operations
    from thaki.records.work_orders.models import WorkOrder

    use_database(register.url)
    now = timezone.now()
    users = list(User.objects.filter(roles__contains=["tecnico_multiservicios"]))
    services = Subscription.objects.filter(pk__gte=10_000_000, plan__kind="internet").order_by("-pk")
    for number, service in enumerate(services.select_related("customer", "plan", "line")[:OPEN_ORDERS]):
        at = now - timedelta(minutes=number * 1_700 // OPEN_ORDERS)
        case = runtime.start("retention", {"customer": service.customer_id}, by=None, now=at)
        order = operations.issue(
            key=f"{case.number}:5", case_ref=case.number, customer=service.customer, subscription=service,
            observations="GLOSA", contact_phone="71234567", by=None, now=at,
        )  # fmt: skip
        Retention.objects.filter(pk=case.pk).update(work_order=order, subscription=service, vip=number % 12 == 0)
        if number % 2 and users:
            WorkOrder.objects.filter(pk=order.pk).update(assigned_to=users[number % len(users)], assigned_at=at)
    Task.objects.filter(case__procedure="retention").update(node="Step_6", step="6")
    close()


# ---------------------------------------------------------------- measuring
def _round(register: Register, rng: Random) -> None:
    from django.utils import timezone

    from thaki.procedures.retention import antecedents
    from thaki.records.customers.models import Customer

    use_database(register.url)
    measured = []
    for turn in range(WARM_UP + SAMPLES):
        customer = Customer.objects.get(pk=1_000_000 + rng.randint(1, register.customers))
        now = timezone.now()
        cpu, wall = _timed(partial(antecedents.gather, customer, received_at=now, now=now))
        if turn >= WARM_UP:
            measured.append(cpu)
            register.cpu["antecedents"].append(cpu)
            register.wall["antecedents"].append(wall)
    register.rounds.append(median(measured))


def _board(register: Register) -> None:
    from django.test import Client

    from thaki.people.models import User

    use_database(register.url)
    client = Client(HTTP_HOST="localhost")
    supervisor = User.objects.get(username="supervisor1")
    client.force_login(supervisor, backend="django.contrib.auth.backends.ModelBackend")
    for turn in range(WARM_UP + SAMPLES):
        cpu, wall = _timed(lambda: _page(client))
        if turn >= WARM_UP:
            register.cpu["board"].append(cpu)
            register.wall["board"].append(wall)


def _page(client: object) -> None:
    answer = client.get(BOARD)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise RuntimeError(f"{BOARD}: {answer.status_code}")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of processor, here and in PostgreSQL, and by the clock."""
    there, began, used = served(), time.perf_counter(), time.process_time()
    work()
    used, took = time.process_time() - used, time.perf_counter() - began
    return (used + served() - there) * 1000, took * 1000


# ---------------------------------------------------------------- telling
def _lines(small: Register, large: Register) -> list[str]:
    found = []
    for register, kinds in ((small, ("antecedents",)), (large, ("antecedents", "board"))):
        for kind in kinds:
            cpu, wall = register.cpu[kind], register.wall[kind]
            by_clock = f"p50 {median(wall):.1f}, p95 {percentile(wall, 0.95):.1f} ms"
            told = f"processor p50 {median(cpu):.1f} ms; by the clock {by_clock}"
            found.append(f"retention, {register.name}, {kind}: {told}")
    p95 = percentile(large.wall["antecedents"], 0.95)
    found.append(ratio(p95 / ANTECEDENTS_MS, 1.0, f"antecedents p95: {p95:.1f} of {ANTECEDENTS_MS} ms (no more)"))
    by_round = [b / a for a, b in zip(small.rounds, large.rounds, strict=True)]
    what = f"antecedents: {LARGE:,} customers ÷ {SMALL:,} (no more)"
    found.append(ratio(median(by_round), GOAL, what))
    p95, clock = percentile(large.cpu["board"], 0.95), percentile(large.wall["board"], 0.95)
    told = f"board, {OPEN_ORDERS} open orders: p95 {p95:.0f} of {BOARD_MS} ms of processor (no more; by the clock {clock:.0f})"
    found.append(ratio(p95 / BOARD_MS, 1.0, told))
    return found
