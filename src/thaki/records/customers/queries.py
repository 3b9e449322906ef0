"""What is asked about customers: who is this, is he known already, what should be known before selling to him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from thaki.records.customers.models import Customer, Phone
from thaki.records.customers.rules import (
    WEIGHTS,
    combined,
    most_alike,
    name_likeness,
    name_weight,
    parse_ci,
    parse_phone,
)
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
(SELECT id, '' FROM customers_customer WHERE %(ci)s <> '' AND ci_number = %(ci)s AND ci_number > '' LIMIT 20)
UNION ALL (SELECT id, '' FROM customers_customer WHERE %(nit)s <> '' AND nit = %(nit)s AND nit > '' LIMIT 20)
UNION ALL (SELECT customer_id, '' FROM customers_phone WHERE number = ANY(%(phones)s) LIMIT 20)
UNION ALL (SELECT id, '' FROM customers_customer
           WHERE %(email)s <> '' AND lower(email) = %(email)s AND email > '' LIMIT 20)
UNION ALL (SELECT id, sort_key FROM customers_customer WHERE name_keys && %(threes)s::text[] LIMIT %(limit)s)
UNION ALL (SELECT id, sort_key FROM customers_customer WHERE name_keys && %(twos)s::text[] LIMIT %(limit)s)
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
        found = _likeliest(cursor.fetchall(), name, limit)
    if not found:
        return []
    signs = _Signs(name, ci_number, ci_complement, number, email.strip().lower(), nit.strip())
    matches = [signs.hold_against(c) for c in Customer.objects.filter(pk__in=found).prefetch_related("phones")]
    return sorted((m for m in matches if m.score > 0), key=lambda m: (-m.score, m.customer.pk))[:limit]


def _likeliest(rows: Iterable[tuple[int, str]], name: str, limit: int) -> set[int]:
    """Of what was found, everybody with a sign of his own and the few whose names are most alike: only these are loaded."""
    names: dict[int, str] = {}
    signed: set[int] = set()
    for key, found in rows:
        if found:
            names[key] = found.replace("~", "")  # the sort key's mark of an ñ
        else:
            signed.add(key)
    return signed | set(most_alike(name, names, limit))


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


def warnings(customer: Customer) -> tuple[Reason, ...]:
    """What must be known before selling to a customer (R-A10): debts, open requests, running orders, withdrawals."""
    return warnings_of([customer.pk]).get(customer.pk, ())


_WARN = """
SELECT 'warn_debts', customer_id, count(*), NULL, sum(amount_bob)
FROM customers_debt WHERE customer_id = ANY(%(ids)s) AND settled_at IS NULL GROUP BY customer_id
UNION ALL
SELECT 'warn_withdrawn_for_arrears', customer_id, count(*), string_agg(number, ', ' ORDER BY number), NULL
FROM customers_subscription WHERE customer_id = ANY(%(ids)s) AND status = 'withdrawn_for_arrears' GROUP BY customer_id
UNION ALL
SELECT 'warn_open_requests', customer_id, count(*), string_agg(number, ', ' ORDER BY number), NULL
FROM customers_servicerequest WHERE customer_id = ANY(%(ids)s) AND closed_at IS NULL GROUP BY customer_id
UNION ALL
SELECT 'warn_running_orders', customer_id, count(*), string_agg(number, ', ' ORDER BY number), NULL
FROM orders_productorder WHERE customer_id = ANY(%(ids)s) AND state IN ('acknowledged', 'in_progress')
GROUP BY customer_id
"""


def warnings_of(customer_ids: Iterable[int]) -> dict[int, tuple[Reason, ...]]:
    """The warnings of several customers, in one query; those without any are left out."""
    found: dict[int, tuple[Reason, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WARN, {"ids": list(customer_ids)})
        for code, customer, count, numbers, amount in cursor.fetchall():
            more = {"numbers": numbers} if amount is None else {"amount": format_bob(amount)}
            found[customer] = (*found.get(customer, ()), reason(code, count=count, **more))
    return found


def search(text: str, *, limit: int = 20) -> QuerySet[Customer]:
    """Customers by part of a name, by CI, NIT, code, or telephone (whole or from its beginning), for the search box."""
    digits = "".join(ch for ch in text if ch.isdigit())
    if text.strip().upper().startswith("S-"):
        return Customer.objects.filter(code__startswith=text.strip().upper())[:limit]
    if len(digits) >= 4 and not any(ch.isalpha() for ch in text):
        return Customer.objects.filter(pk__in=_by_digits(digits, limit))
    words = fold(text)
    if len(words) < 3:
        return Customer.objects.none()
    some = Customer.objects.filter(trigrams__contains=trigrams(words)).values("pk")[
        :CANDIDATES
    ]  # few letters: very many
    return Customer.objects.filter(pk__in=some).order_by("sort_key")[:limit]


def _by_digits(digits: str, limit: int) -> list[int]:
    """Customers whose CI or NIT these digits are, or whose telephone begins with them; each by its own index."""
    cards = Customer.objects.filter(ci_number=digits).values_list("pk")[:limit]
    taxes = Customer.objects.filter(nit=digits).values_list("pk")[:limit]
    phones = Phone.objects.filter(number__startswith=digits).values_list("customer")[:limit]
    return [row[0] for row in cards.union(taxes, phones)[:limit]]


def listed(ids: Sequence[int]) -> list[Customer]:
    """These customers in this order, with their telephones: two queries."""
    found = Customer.objects.defer("name_keys", "trigrams").prefetch_related("phones").in_bulk(list(ids))
    return [found[key] for key in ids if key in found]


def by_ci(number: str, complement: str = "") -> Customer | None:
    """The customer who has that identity card."""
    return Customer.objects.filter(ci_number=number, ci_complement=complement).first()


def main_phone(customer: Customer) -> str:
    """The number to call first; "" when none is known."""
    return customer.main_phone
