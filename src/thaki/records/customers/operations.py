"""What is done to customers: register, amend, note what the BSS learns about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from thaki.people.prepared import Prepared
from thaki.records.customers import changes
from thaki.records.customers.models import Category, Customer, Debt, Phone, ServiceRequest, Subscription
from thaki.records.customers.rules import Ci, PhoneNumber, check_ci, parse_email, parse_nit, parse_phone, tidy_name
from thaki.records.network.rules import check_place
from thaki.records.numbers import next_number
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from decimal import Decimal

    from thaki.people.models import User
    from thaki.records.network.models import Line
    from thaki.records.offers.models import Plan

# What `register` and `amend` take beside the names; everything else is refused by name.
_PHONES = Prepared(Phone, "m.customer_id = %s ORDER BY m.id", lock=True)
_CARD = Prepared(Customer, "m.ci_number = %s AND m.ci_complement = %s")  # unique, where a card is known
PLAIN_FIELDS = ("address", "address_reference", "zone")


@transaction.atomic
def register(
    *,
    given_names: str = "",
    surnames: str = "",
    business_name: str = "",
    ci: Ci | None = None,
    phones: Iterable[str] = (),
    category: str = Category.RESIDENTIAL,
    case_ref: str = "",
    by: User | None,
    now: datetime,
    **other: Any,
) -> Customer:
    """Register ("catastrar") a new socio/cliente; raises `RuleError` ("ci_taken" names who has the card already).

    `other`: nit, email, address, address_reference, zone, lat and lon, birth_on, bond, segment. `phones` are as typed;
    the first is the main one. `case_ref` is only looked at to see whether it is a rehearsal.
    """
    customer = Customer(category=category, registered_at=now, registered_by=by)
    _name(customer, given_names, surnames, business_name)
    _set_ci(customer, ci)
    _set_other(customer, other)
    customer.code = next_number("S", now, case_ref=case_ref)
    customer.save()
    set_phones(customer, phones)
    return customer


@transaction.atomic
def amend(customer_id: int, *, by: User | None, now: datetime, **changes: Any) -> Customer:
    """Change a customer's data: names, ci, phones (added, the first becomes main) and what `register` calls `other`."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if {"given_names", "surnames", "business_name"} & changes.keys():
        _name(
            customer,
            changes.pop("given_names", customer.given_names),
            changes.pop("surnames", customer.surnames),
            changes.pop("business_name", customer.business_name),
        )
    if "ci" in changes:
        _set_ci(customer, changes.pop("ci"))
    phones = changes.pop("phones", ())
    _set_other(customer, changes)
    customer.save()
    set_phones(customer, phones)
    return customer


def _name(customer: Customer, given_names: str, surnames: str, business_name: str) -> None:
    """Set the names, tidied: a person has both, a company its own."""
    customer.business_name = tidy(business_name)
    if given_names or surnames or not customer.business_name:
        customer.given_names = tidy_name(given_names, on="given_names")
        customer.surnames = tidy_name(surnames, on="surnames")


def _set_ci(customer: Customer, ci: Ci | None) -> None:
    """Set the identity card, refusing one that another customer has."""
    if ci is None:
        customer.ci_number = customer.ci_complement = customer.ci_department = ""
        return
    ci = check_ci(ci.number, ci.complement, ci.department)
    taken = _CARD.first(ci.number, ci.complement)
    if taken and taken.pk != customer.pk:
        raise RuleError("ci_taken", on="ci_number", name=taken.full_name, customer=taken.code)
    customer.ci_number, customer.ci_complement, customer.ci_department = ci.number, ci.complement, ci.department


def _set_other(customer: Customer, values: Mapping[str, Any]) -> None:
    """Set the remaining fields through their rules."""
    given = dict(values)
    if email := given.pop("email", None):
        parsed = parse_email(email)
        customer.email_bounced = customer.email_bounced and parsed == customer.email
        customer.email = parsed
    if nit := given.pop("nit", None):
        customer.nit = parse_nit(nit)
    lat, lon = given.pop("lat", None), given.pop("lon", None)
    if lat is not None and lon is not None:
        customer.lat, customer.lon = check_place(lat, lon)
    for name in PLAIN_FIELDS:
        if name in given:
            setattr(customer, name, tidy(given.pop(name)))
    for name in ("birth_on", "bond", "segment", "category"):
        if name in given:
            setattr(customer, name, given.pop(name))
    if given:
        raise TypeError(f"unknown customer fields: {sorted(given)}")


def set_phones(customer: Customer, phones: Iterable[str | PhoneNumber], *, whatsapp: str = "") -> list[Phone]:
    """Add telephones; the first one given becomes the main one. `whatsapp` names the one that has WhatsApp."""
    parsed = [p if isinstance(p, PhoneNumber) else parse_phone(p) for p in phones if p]
    if not parsed:
        return []
    known = {p.number: p for p in _PHONES.all(customer.pk)}
    for other in known.values():
        if other.is_main and other.number != parsed[0].number:
            other.is_main = False
            other.save(update_fields=["is_main"])
    saved = []
    for position, number in enumerate(parsed):
        phone = known.get(number.number) or Phone(customer=customer, number=number.number, kind=number.kind)
        phone.is_main = position == 0
        phone.is_whatsapp = number.kind == "mobile" and (phone.is_whatsapp or number.number == whatsapp)
        phone.save()
        known[number.number] = phone
        saved.append(phone)
    return saved


def email_bounced(customer_id: int, *, by: User | None, now: datetime) -> None:
    """Mark that mail to the customer's address came back."""
    Customer.objects.filter(pk=customer_id).update(email_bounced=True)


@transaction.atomic
def subscribe(
    customer: Customer,
    *,
    plan: Plan,
    number: str,
    line: Line | None = None,
    technology: str = "",
    by: User | None,
    now: datetime,
) -> Subscription:
    """Give the customer a service: what a completed order leaves behind."""
    return Subscription.objects.create(
        customer=customer,
        plan=plan,
        line=line,
        number=number,
        technology=technology or plan.technology,
        since_on=timezone.localdate(now),
        status=Subscription.Status.ACTIVE,
    )


@transaction.atomic
def withdraw(
    subscription_id: int, *, for_arrears: bool = False, on: date, by: User | None, now: datetime
) -> Subscription:
    """End a service."""
    subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
    status = Subscription.Status.WITHDRAWN_FOR_ARREARS if for_arrears else Subscription.Status.WITHDRAWN
    subscription.status, subscription.ended_on = status, on
    subscription.save(update_fields=["status", "ended_on"])
    changes.withdrawn(subscription.pk, now)
    return subscription


def add_debt(
    customer: Customer,
    *,
    concept: str,
    amount_bob: Decimal,
    due_on: date,
    subscription: Subscription | None = None,
    by: User | None,
    now: datetime,
) -> Debt:
    """Note what the customer owes."""
    return Debt.objects.create(
        customer=customer, concept=concept, amount_bob=amount_bob, due_on=due_on, subscription=subscription
    )


def settle_debt(debt_id: int, *, by: User | None, now: datetime) -> None:
    """Note that a debt was paid; once."""
    Debt.objects.filter(pk=debt_id, settled_at=None).update(settled_at=now)


def open_request(customer: Customer, *, kind: str, summary: str = "", by: User | None, now: datetime) -> ServiceRequest:
    """Note a request of the customer in the BSS."""
    number = next_number("SC", now)
    return ServiceRequest.objects.create(number=number, customer=customer, kind=kind, summary=summary, opened_at=now)


def close_request(request_id: int, *, by: User | None, now: datetime) -> None:
    """Close a request; once."""
    ServiceRequest.objects.filter(pk=request_id, closed_at=None).update(closed_at=now)
