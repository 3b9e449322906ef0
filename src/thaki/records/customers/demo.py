"""Believable, invented customers with telephones, services, debts and requests, made in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from thaki.records.customers.models import Customer, Debt, Phone, ServiceRequest, Subscription
from thaki.records.invented import DEPARTMENTS, address, company, mobile, near, person, pick_zone
from thaki.records.network.models import Line
from thaki.records.numbers import take_many
from thaki.records.offers.models import Plan
from thaki.records.text import fold

BATCH = 2_000
BUSINESS_SHARE = 0.04
MAIL_DOMAIN = "correo.example"  # reserved: mail to it goes nowhere


@dataclass(slots=True)
class Book:
    """The rows to be written."""

    phones: list[Phone] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    requests: list[ServiceRequest] = field(default_factory=list)


def build_customers(
    rng: Random, count: int, *, lines: Sequence[Line], plans: dict[str, Plan], now: datetime
) -> list[Customer]:
    """Customers with a service each on their line (more lines than customers: second services) and what hangs on them."""
    numbers = rng.sample(range(1_000_000, 9_999_999), count)
    codes = take_many("S", count)
    year = timezone.localtime(now).year
    homes = list(lines)
    rng.shuffle(homes)
    customers = []
    for position in range(count):
        home = homes[position] if position < len(homes) else None
        customer = _customer(rng, home, ci=str(numbers[position]), now=now)
        customer.code = f"S-{year}-{codes[position]:06d}"
        customers.append(customer)
    Customer.objects.bulk_create(customers, batch_size=BATCH)
    book = Book()
    for position, customer in enumerate(customers):
        served = homes[position::count] if count < len(homes) else homes[position : position + 1]
        _fill(rng, book, customer, served, plans, now)
    _write(book, now)
    return customers


def _customer(rng: Random, home: Line | None, *, ci: str, now: datetime) -> Customer:
    """One customer at his line's place, or somewhere in a zone."""
    given, surnames = person(rng)
    zone = pick_zone(rng)
    lat, lon = (home.lat, home.lon) if home else near(rng, zone.lat, zone.lon, 900)
    street, reference = address(rng)
    business = rng.random() < BUSINESS_SHARE
    customer = Customer(
        category="business" if business else "residential",
        bond="member" if rng.random() < 0.45 else "client",
        segment="vip" if rng.random() < 0.05 else "regular",
        given_names=given,
        surnames=surnames,
        business_name=company(rng) if business else "",
        ci_number=ci,
        ci_complement=f"{rng.randint(1, 9)}{rng.choice('ABCDEFGHK')}" if rng.random() < 0.03 else "",
        ci_department=rng.choice(DEPARTMENTS),
        nit=f"{ci}01{rng.randint(1, 9)}" if business or rng.random() < 0.1 else "",
        birth_on=date(1945, 1, 1) + timedelta(days=rng.randint(0, 22_000)),
        email=_email(rng, given, surnames) if rng.random() < 0.7 else "",
        address=home.address if home else street,
        address_reference=reference,
        zone=home.zone if home else zone.name,
        lat=lat,
        lon=lon,
        registered_at=now - timedelta(minutes=rng.randint(60_000, 3_000_000)),
    )
    customer.refresh_keys()
    return customer


def _email(rng: Random, given: str, surnames: str) -> str:
    """An address at a domain that cannot exist."""
    first, last = fold(given).split()[0], fold(surnames).split()[0]
    return f"{first}.{last}{rng.randint(1, 999)}@{MAIL_DOMAIN}"


def _fill(
    rng: Random, book: Book, customer: Customer, served: Sequence[Line], plans: dict[str, Plan], now: datetime
) -> None:
    """Telephones, services, debts and requests of one customer."""
    cell = mobile(rng)
    book.phones.append(
        Phone(customer=customer, number=cell, kind="mobile", is_main=True, is_whatsapp=rng.random() < 0.85)
    )
    for line in served:
        book.subscriptions.append(_service(rng, customer, line, plans, now))
    if served and rng.random() < 0.6:
        book.phones.append(Phone(customer=customer, number=served[0].number, kind="fixed"))
    if rng.random() < 0.06:
        _arrears(rng, book, customer, plans, now)
    elif rng.random() < 0.05:
        book.debts.append(_debt(rng, customer, "Factura del mes", now))
    if rng.random() < 0.03:
        _request(rng, book, customer, now)


def _service(rng: Random, customer: Customer, line: Line, plans: dict[str, Plan], now: datetime) -> Subscription:
    """What the customer has on a line: a plan that the line carries."""
    carried = [
        p
        for p in plans.values()
        if p.technology == line.technology and p.kind in ("internet", "package") and p.down_mbps <= line.sync_down_mbps
    ]
    plan = rng.choice(carried) if carried else plans["FIJACOM" if line.technology == "WIRELESS" else "TEL"]
    since = now - timedelta(days=rng.randint(40, 1_800))
    return Subscription(
        customer=customer,
        plan=plan,
        line=line,
        technology=line.technology,
        number=line.number,
        since_on=timezone.localdate(since),
    )


def _arrears(rng: Random, book: Book, customer: Customer, plans: dict[str, Plan], now: datetime) -> None:
    """A service withdrawn for arrears and the debt that it left."""
    ended = timezone.localdate(now) - timedelta(days=rng.randint(30, 700))
    book.subscriptions.append(
        Subscription(
            customer=customer,
            plan=plans[rng.choice(("ADSL4", "TVB", "HFC15"))],
            technology="ADSL",
            number=f"R{customer.ci_number}",
            status=Subscription.Status.WITHDRAWN_FOR_ARREARS,
            since_on=ended - timedelta(days=rng.randint(100, 900)),
            ended_on=ended,
        )
    )
    if rng.random() < 0.7:
        book.debts.append(_debt(rng, customer, "Saldo del servicio retirado", now))


def _debt(rng: Random, customer: Customer, concept: str, now: datetime) -> Debt:
    """An open debt of one to three months."""
    amount = Decimal(rng.choice((99, 139, 149, 189, 235))) * rng.randint(1, 3)
    due = timezone.localdate(now) - timedelta(days=rng.randint(5, 200))
    return Debt(customer=customer, concept=concept, amount_bob=amount, due_on=due)


def _request(rng: Random, book: Book, customer: Customer, now: datetime) -> None:
    """An open request; its number is given when it is written."""
    kind, summary = rng.choice(
        (
            ("claim", "Intermitencia en las noches"),
            ("transfer", "Traslado a nuevo domicilio"),
            ("plan_change", "Cambio a plan mayor"),
        )
    )
    opened = now - timedelta(minutes=rng.randint(100, 40_000))
    book.requests.append(ServiceRequest(customer=customer, kind=kind, summary=summary, opened_at=opened))


def _write(book: Book, now: datetime) -> None:
    """All rows, in bulk."""
    year = timezone.localtime(now).year
    for request, number in zip(book.requests, take_many("SC", len(book.requests)), strict=True):
        request.number = f"SC-{year}-{number:06d}"
    Phone.objects.bulk_create(book.phones, batch_size=BATCH)
    Subscription.objects.bulk_create(book.subscriptions, batch_size=BATCH)
    Debt.objects.bulk_create(book.debts, batch_size=BATCH)
    ServiceRequest.objects.bulk_create(book.requests, batch_size=BATCH)
