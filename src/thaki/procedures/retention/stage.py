"""What a rehearsal of a retention needs to be there; everything is rolled back with it.

A scenario says it in its `start`; days are counted back from the scenario's beginning:

    start:
      customer: {segment: regular, phone: "79999903"}        # what is not said is invented; phone: "" for none
      services: [{plan: FO60, number: "44000001"}]
      claims: [{service: 0, days_ago: 20, fault: cuts, solved_days_ago: 18}, {service: 0, days_ago: 5, fault: cuts}]
      bills: [{service: 0, months_ago: 0, amount_bob: "189.00"}]
      arrears: ["44000009"]                                  # services withdrawn for arrears
      risk: Banco Ensayo                                     # an entry of the Central de Riesgos
      glosa_approved: true                                   # R-B8
      policies: {retention.adviser_limit_bob: 100}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.people import policies
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import rules, shipped
from thaki.procedures.retention.models import GlosaVariant
from thaki.records.billing.service_models import ServiceBill
from thaki.records.claims import operations as claims
from thaki.records.customers import operations as customers
from thaki.records.customers.models import Customer, Subscription
from thaki.records.customers.rules import parse_ci
from thaki.records.offers.demo import build_plans
from thaki.records.offers.models import Plan

CUSTOMER: dict[str, Any] = {
    "given_names": "Ensayo",
    "surnames": "Zurita Zubieta",
    "ci": "9900000003",
    "phone": "79999903",
}
SERVICES: tuple[dict[str, Any], ...] = ({"plan": "FO60", "number": "44990001"},)
REHEARSED = "REH-"


def set_up(start: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Put what the scenario tells into the records; the payload with which the case begins."""
    build_plans(timezone.localdate(now))
    shipped.ensure()
    _person("tecnico1", Role.TECNICO_MULTISERVICIOS)  # step 6 names him in its answer
    for code, value in dict(start.get("policies") or {}).items():
        policies.set(code, value, by=None, reason="ensayo", now=now)
    customer = _customer(CUSTOMER | dict(start.get("customer") or {}), now)
    services = [_service(customer, one, now) for one in start.get("services") or SERVICES]
    for number in start.get("arrears") or ():
        _service(customer, {"plan": "TEL", "number": number, "status": "withdrawn_for_arrears"}, now)
    for told in start.get("claims") or ():
        _claim(customer, services, told, now)
    for told in start.get("bills") or ():
        _bill(services, told, now)
    if start.get("risk"):
        RiskEntry.objects.create(
            ci_number=customer.ci_number,
            entity=str(start["risk"]),
            brought_at=now,
            listed_on=timezone.localdate(now) - timedelta(days=60),
        )
    if start.get("glosa_approved", True):
        approve_glosa(now)
    return {"customer": customer.pk, "subscription": services[0].pk if services else None}


def approve_glosa(now: datetime) -> None:
    """The variant for compensations, written and approved (R-B8)."""
    by = _person("retencion1", Role.RESPONSABLE_RETENCION)
    GlosaVariant.objects.create(
        text=rules.GLOSA_COMPENSATION, written_at=now, written_by=by, approved_at=now, approved_by=by
    )


def _person(login: str, role: Role) -> User:
    """The demonstration's person; outside it, one made for the rehearsal."""
    return User.objects.get_or_create(username=login, defaults={"first_name": login, "roles": [role.value]})[0]


def _customer(told: dict[str, Any], now: datetime) -> Customer:
    ci, phone = told.pop("ci", ""), told.pop("phone", "")
    return customers.register(
        ci=parse_ci(str(ci)) if ci else None,
        phones=[str(phone)] if phone else [],
        case_ref=REHEARSED,
        by=None,
        now=now,
        **told,
    )


def _service(customer: Customer, told: Mapping[str, Any], now: datetime) -> Subscription:
    plan = Plan.objects.get(code=told.get("plan", "FO60"))
    status = told.get("status", Subscription.Status.ACTIVE)
    today = timezone.localdate(now)
    return Subscription.objects.create(
        customer=customer,
        plan=plan,
        technology=plan.technology,
        number=str(told["number"]),
        status=status,
        since_on=today - timedelta(days=700),
        ended_on=None if status == Subscription.Status.ACTIVE else today - timedelta(days=40),
    )


def _claim(customer: Customer, services: list[Subscription], told: Mapping[str, Any], now: datetime) -> None:
    at = now - timedelta(days=int(told["days_ago"]))
    claim = claims.register(
        customer=customer,
        subscription=services[int(told.get("service", 0))],
        fault=told.get("fault", "cuts"),
        claimed_at=at,
        case_ref=REHEARSED,
        by=None,
        now=now,
    )
    if "solved_days_ago" in told:
        solved_at = now - timedelta(days=int(told["solved_days_ago"]))
        claims.solve(claim.pk, solution="Ensayo", by=None, now=solved_at)


def _bill(services: list[Subscription], told: Mapping[str, Any], now: datetime) -> None:
    service = services[int(told.get("service", 0))]
    issued_on = _months_ago(timezone.localdate(now), int(told.get("months_ago", 0)))
    ServiceBill.objects.create(
        subscription=service,
        month=issued_on,
        amount_bob=Decimal(str(told.get("amount_bob", service.plan.tariff_bob))),
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=15),
    )


def _months_ago(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
