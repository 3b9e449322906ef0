"""What is asked about customers: who is this, is he known already, what should be known before selling to him."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from thaki.records.customers.models import Customer, Debt, Phone, ServiceRequest, Subscription
from thaki.records.customers.rules import WEIGHTS, combined, name_likeness, name_weight, parse_ci, parse_phone
from thaki.records.money import format_bob
from thaki.records.reasons import Reason, RuleError, reason
from thaki.records.text import fold, name_keys, strongest, trigrams

CANDIDATES = 200  # of similar names that are looked at more closely


@dataclass(frozen=True, slots=True)
class Match:
    """A customer who may be the one at hand, with what speaks for it."""

    customer: Customer
    evidence: tuple[Reason, ...]
    score: int  # 0 to 100: how sure the signs together make us

    @property
    def certain(self) -> bool:
        """Whether the identity card (or the tax number) says so: registering another would be registering him twice."""
        return any(e.code in ("same_ci", "same_nit") for e in self.evidence)


# One round trip finds the candidates by every sign. The names' keys are asked from the most telling (three words in
# common) to the least (two), each branch limited: the index answers in one probe a key however many customers there are.
_FIND = """
(SELECT id, 'ci' FROM customers_customer WHERE %(ci)s <> '' AND ci_number = %(ci)s AND ci_number > '' LIMIT 20)
UNION ALL (SELECT id, 'nit' FROM customers_customer WHERE %(nit)s <> '' AND nit = %(nit)s AND nit > '' LIMIT 20)
UNION ALL (SELECT customer_id, 'phone' FROM customers_phone WHERE number = ANY(%(phones)s) LIMIT 20)
UNION ALL (SELECT id, 'email' FROM customers_customer
           WHERE %(email)s <> '' AND lower(email) = %(email)s AND email > '' LIMIT 20)
UNION ALL (SELECT id, 'name' FROM customers_customer WHERE name_keys && %(threes)s::text[] LIMIT %(limit)s)
UNION ALL (SELECT id, 'name' FROM customers_customer WHERE name_keys && %(twos)s::text[] LIMIT %(limit)s)
"""


def recognise(
    *, name: str = "", ci: str = "", phone: str = "", email: str = "", nit: str = "", limit: int = 8
) -> list[Match]:
    """Customers who may be this person, the likeliest first, with the evidence for each; typed values may be half finished.

    Values that cannot be read (a CI with letters, a telephone of 7 digits) are no sign and are passed over.
    """
    ci_number, ci_complement = _read_ci(ci)
    number = _read_phone(phone)
    threes, twos = strongest(name_keys(name))
    params: dict[str, Any] = {
        "ci": ci_number,
        "nit": nit.strip(),
        "phones": [number] if number else [],
        "email": email.strip().lower(),
        "threes": threes,
        "twos": twos,
        "limit": CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, params)
        found = {row[0] for row in cursor.fetchall()}
    if not found:
        return []
    signs = _Signs(name, ci_number, ci_complement, number, email.strip().lower(), nit.strip())
    matches = [signs.hold_against(c) for c in Customer.objects.filter(pk__in=found).prefetch_related("phones")]
    return sorted((m for m in matches if m.score > 0), key=lambda m: (-m.score, m.customer.pk))[:limit]


def _read_ci(text: str) -> tuple[str, str]:
    """(number, complement) of a typed card; empty when it cannot be read."""
    try:
        ci = parse_ci(text)
    except RuleError:
        return "", ""
    return ci.number, ci.complement


def _read_phone(text: str) -> str:
    """The 8 digits of a typed telephone; empty when it cannot be read."""
    try:
        return parse_phone(text).number if text else ""
    except RuleError:
        return ""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What is known of the person at hand, normalised."""

    name: str
    ci_number: str
    ci_complement: str
    phone: str
    email: str
    nit: str

    def hold_against(self, customer: Customer) -> Match:
        """The evidence for one customer."""
        evidence: list[Reason] = []
        if self.ci_number and customer.ci_number == self.ci_number:
            same = customer.ci_complement == self.ci_complement
            evidence.append(reason("same_ci" if same else "same_ci_number", value=customer.ci))
        if self.nit and customer.nit == self.nit:
            evidence.append(reason("same_nit", value=customer.nit))
        if self.phone and any(p.number == self.phone for p in customer.phones.all()):
            evidence.append(reason("same_phone", value=self.phone))
        if self.email and customer.email.lower() == self.email:
            evidence.append(reason("same_email", value=customer.email))
        weights = [WEIGHTS[e.code] for e in evidence]
        likeness = name_likeness(self.name, customer.full_name) if self.name else 0
        if name_weight(likeness):
            evidence.append(reason("similar_name", likeness=likeness, value=customer.full_name))
            weights.append(name_weight(likeness))
        return Match(customer, tuple(evidence), combined(weights))


def _tally(rows: QuerySet[Model]) -> Subquery:
    """How many rows of the customer there are; 0 when none."""
    counted = rows.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())


def _listed(rows: QuerySet[Model]) -> Subquery:
    """Their numbers, joined by commas."""
    joined = (
        rows.filter(customer=OuterRef("pk"))
        .order_by()
        .values("customer")
        .annotate(numbers=StringAgg("number", Value(", "), ordering="number"))
        .values("numbers")
    )
    return Subquery(joined, output_field=TextField())


def warnings(customer: Customer) -> tuple[Reason, ...]:
    """What must be known before selling to a customer (R-A10): debts, open requests, running orders, withdrawals."""
    return warnings_of([customer.pk]).get(customer.pk, ())


def warnings_of(customer_ids: Iterable[int]) -> dict[int, tuple[Reason, ...]]:
    """The warnings of several customers, in one query; those without any are left out."""
    debts = Debt.objects.filter(settled_at=None)
    requests = ServiceRequest.objects.filter(closed_at=None)
    arrears = Subscription.objects.filter(status=Subscription.Status.WITHDRAWN_FOR_ARREARS)
    orders = Customer._meta.get_field(
        "orders"
    ).related_model._default_manager.filter(  # orders lie beside us, not below
        state__in=["acknowledged", "in_progress"]
    )
    owed = debts.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(s=Sum("amount_bob")).values("s")
    rows = Customer.objects.filter(pk__in=list(customer_ids)).annotate(
        debts_n=Coalesce(_tally(debts), 0),
        debts_bob=Subquery(owed),
        requests_n=Coalesce(_tally(requests), 0),
        requests_numbers=_listed(requests),
        orders_n=Coalesce(_tally(orders), 0),
        orders_numbers=_listed(orders),
        arrears_n=Coalesce(_tally(arrears), 0),
        arrears_numbers=_listed(arrears),
    )
    found = {}
    for row in rows.values():
        listed = tuple(_warning_lines(row))
        if listed:
            found[row["id"]] = listed
    return found


def _warning_lines(row: Mapping[str, Any]) -> Iterable[Reason]:
    """The warnings of one annotated row."""
    if row["debts_n"]:
        yield reason("warn_debts", count=row["debts_n"], amount=format_bob(Decimal(str(row["debts_bob"]))))
    for what, code in (
        ("arrears", "warn_withdrawn_for_arrears"),
        ("requests", "warn_open_requests"),
        ("orders", "warn_running_orders"),
    ):
        if row[f"{what}_n"]:
            yield reason(code, count=row[f"{what}_n"], numbers=row[f"{what}_numbers"])


def search(text: str, *, limit: int = 20) -> QuerySet[Customer]:
    """Customers by part of a name, by CI, NIT, code, or telephone (whole or from its beginning), for the search box."""
    digits = "".join(ch for ch in text if ch.isdigit())
    if text.strip().upper().startswith("S-"):
        return Customer.objects.filter(code__startswith=text.strip().upper())[:limit]
    if len(digits) >= 4 and not any(ch.isalpha() for ch in text):
        by_phone = Phone.objects.filter(number__startswith=digits).values("customer")[:limit]
        return Customer.objects.filter(Q(ci_number=digits) | Q(nit=digits) | Q(pk__in=by_phone))[:limit]
    words = fold(text)
    if len(words) < 3:
        return Customer.objects.none()
    return Customer.objects.filter(trigrams__contains=trigrams(words)).order_by("sort_key")[:limit]


def by_ci(number: str, complement: str = "") -> Customer | None:
    """The customer who has that identity card."""
    return Customer.objects.filter(ci_number=number, ci_complement=complement).first()


def main_phone(customer: Customer) -> str:
    """The number to call first; "" when none is known."""
    phones = sorted(customer.phones.all(), key=lambda p: (not p.is_main, p.kind != "mobile", p.number))
    return phones[0].number if phones else ""
