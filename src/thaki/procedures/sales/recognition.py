"""An existing customer is recognised and confirmed, not registered twice (R-A10)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from thaki.procedures.sales.models import Sale
from thaki.records.customers import queries
from thaki.records.customers.models import Customer, Subscription
from thaki.records.customers.queries import Match
from thaki.records.reasons import Reason

# From this score on the executive has to say that it is somebody else; below, a likeness is only shown.
DOUBTFUL = 60
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Described:
    """A likeness with what is to be known before selling to him."""

    match: Match
    warnings: tuple[Reason, ...]
    services: int
    fill: str  # the fields that confirming him fills, for steps.js


def matches(typed: Mapping[str, Any]) -> list[Match]:
    """Who in the register may be the person of these fields, which may be half typed; the surest first."""
    name = f"{typed.get('given_names') or ''} {typed.get('surnames') or ''}".strip()
    complement = f"-{typed['ci_complement']}" if typed.get("ci_complement") else ""
    return queries.recognise(
        name=name,
        ci=f"{typed.get('ci_number') or ''}{complement}",
        phone=typed.get("phone") or "",
        email=typed.get("email") or "",
        limit=SHOWN,
    )


def described(found: Sequence[Match], typed: Mapping[str, Any]) -> list[Described]:
    """The likenesses as they are shown: two queries, however many there are."""
    ids = [match.customer.pk for match in found]
    if not ids:
        return []
    warnings = queries.warnings_of(ids)
    active = list(
        Subscription.objects.filter(customer__in=ids, status=Subscription.Status.ACTIVE).values_list(
            "customer", flat=True
        )
    )
    return [
        Described(m, warnings.get(m.customer.pk, ()), active.count(m.customer.pk), _fill(m.customer, typed))
        for m in found
    ]


# Who he is comes from the register; how and where he is reached stays as typed, and is filled in where it is missing.
IDENTITY = ("customer", "given_names", "surnames", "ci_number", "ci_complement", "ci_department")


def _fill(customer: Customer, typed: Mapping[str, Any]) -> str:
    known = {name: value for name, value in of_customer(customer).items() if value not in (None, "")}
    values = {name: value for name, value in known.items() if name in IDENTITY or not typed.get(name)}
    return json.dumps({name: str(value) for name, value in values.items()} | {"request_kind": "second"})


def of_customer(customer: Customer) -> dict[str, Any]:
    """What the register has of a customer, by the names of the form's fields."""
    return {
        "customer": customer.pk,
        "given_names": customer.given_names,
        "surnames": customer.surnames,
        "ci_number": customer.ci_number,
        "ci_complement": customer.ci_complement,
        "ci_department": customer.ci_department,
        "phone": queries.main_phone(customer),
        "email": customer.email,
        "address": customer.address,
        "address_reference": customer.address_reference,
        "zone": customer.zone,
        "lat": customer.lat,
        "lon": customer.lon,
    }


def warnings_of(sale: Sale) -> tuple[Reason, ...]:
    """What is to be known before selling to the sale's customer; asked once for the panel and the step."""
    if sale.customer_id is None:
        return ()
    known: tuple[int, tuple[Reason, ...]] | None = sale.__dict__.get("_warnings")
    if known is None or known[0] != sale.customer_id:
        known = (sale.customer_id, queries.warnings_of([sale.customer_id]).get(sale.customer_id, ()))
        sale.__dict__["_warnings"] = known
    return known[1]


def services_of(customer: Customer) -> list[Subscription]:
    """The services of a customer, the running ones first."""
    services = customer.subscriptions.select_related("plan").order_by("ended_on", "-since_on")
    return sorted(services, key=lambda service: service.status != Subscription.Status.ACTIVE)


def record_of(customer: Customer) -> str:
    """The "récord cliente" of step 4 as the register tells it; the executive may amend it."""
    lines = [f"{service.plan.name} ({service.get_status_display().lower()})" for service in services_of(customer)]
    lines += [str(warning) for warning in queries.warnings(customer)]
    return "; ".join(lines)[:300]
