"""All that is to be known of a customer who wants to leave, worked out and explained (RET 1 and 2).

One statement and a look at the bureau, whatever the customer has and however many customers there are; the judging is done by
the pure rules of the records (`claims.rules`, `customers.rules_standing`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thaki.integrations.credit_bureau.port import RiskView, get_bureau
from thaki.people import policies
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.reading import PAST, Read, read, read_of
from thaki.procedures.retention.remembering import remembered
from thaki.records.billing.queries_service import billed_by_month
from thaki.records.billing.service_models import ServiceBill
from thaki.records.claims import rules as claim_rules
from thaki.records.claims.queries import WithCalls
from thaki.records.claims.rules import Damage
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Customer, Debt, Subscription
from thaki.records.customers.rules_standing import Listed, Standing, eligible, vip

MONTHS_SHOWN = 6
LINE_DAYS = 30  # of the line of time on which the claims are drawn


@dataclass(frozen=True, slots=True)
class Antecedents:
    """What is known, and what follows from it."""

    customer: Customer
    now: datetime
    read: Read
    services: list[Subscription]
    debts: list[Debt]
    risks: tuple[RiskView, ...]
    bills: list[ServiceBill]
    billed: Mapping[date, Decimal]
    claims: list[WithCalls]
    damage: tuple[Damage, ...]
    past: list[Retention]
    courtesies: list[Courtesy]
    eligible: Standing
    vip: Standing

    @property
    def active(self) -> list[Subscription]:
        """The services that he has."""
        return [one for one in self.services if one.status == Subscription.Status.ACTIVE]

    @property
    def arrears(self) -> list[Subscription]:
        """Those that were withdrawn for arrears (1.1)."""
        return [one for one in self.services if one.status == Subscription.Status.WITHDRAWN_FOR_ARREARS]

    @property
    def running(self) -> list[Courtesy]:
        """The courtesies that run."""
        return [one for one in self.courtesies if one.ended_at is None]

    def service(self, pk: int) -> Subscription | None:
        """One of his services."""
        return self.read.service(pk)

    def damaged(self, *answers: str) -> list[Damage]:
        """The verdicts of those kinds on services that he still has, the worst first."""
        mine = {one.pk for one in self.active}
        return [verdict for verdict in self.damage if verdict.answer in answers and verdict.product in mine]


def terms() -> claim_rules.Terms:
    """R-B2 by today's policies."""
    return claim_rules.Terms(
        span_days=policies.get_int("retention.damage_span_days"),
        recent_days=policies.get_int("retention.damage_span_days"),
        came_back_days=policies.get_int("retention.damage_return_days"),
        least=policies.get_int("retention.damage_min_claims"),
        count_reiterations=bool(policies.get("retention.reiterations_count")),
    )


def gather(
    customer: Customer, *, received_at: datetime, now: datetime, confirmed: Collection[int] = (), but: int | None = None
) -> Antecedents:
    """All of it. `confirmed`: the services that the customer says fail now; `but`: the case at hand, which is no past one."""
    rows = read(customer.pk, timezone.localdate(now))
    return _judged(customer, rows, received_at=received_at, now=now, confirmed=confirmed, but=but)


def _judged(
    customer: Customer, rows: Read, *, received_at: datetime, now: datetime, confirmed: Collection[int], but: int | None
) -> Antecedents:
    """What follows from the rows, and from what the bureau says."""
    today = timezone.localdate(now)
    risks = get_bureau().look_up(
        ci_number=customer.ci_number, ci_complement=customer.ci_complement, nit=customer.nit, on=today
    )
    billed = billed_by_month(rows.bills)
    arrears = [one.number for one in rows.services if one.status == Subscription.Status.WITHDRAWN_FOR_ARREARS]
    return Antecedents(
        customer=customer,
        now=now,
        read=rows,
        services=rows.services,
        debts=rows.debts,
        risks=risks,
        bills=rows.bills,
        billed=billed,
        claims=rows.claims,
        damage=claim_rules.repeated_damage(
            [one.seen() for one in rows.claims], now=received_at, terms=terms(), confirmed=frozenset(confirmed)
        ),
        past=[one for one in rows.past if one.pk != but],
        courtesies=rows.courtesies,
        eligible=eligible(arrears, [_listed(risk) for risk in risks], debts=len(rows.debts), today=today),
        vip=vip(customer.segment, billed, today=today, least_bob=Decimal(policies.get("retention.vip_average_bob"))),
    )


def of_case(retention: Retention, *, now: datetime, confirmed: Collection[int] = ()) -> Antecedents:
    """Those of the customer of a case; the 30 days end at his reception."""
    said, since = frozenset(confirmed), retention.received_at
    return remembered(
        retention,
        ("antecedents", now, said),
        lambda: _judged(
            retention.customer,
            read_of(retention, now=now),
            received_at=since,
            now=now,
            confirmed=said,
            but=retention.pk,
        ),
    )


def past_of(retention: Retention) -> list[Retention]:
    """The customer's earlier retentions, the newest first."""
    return [one for one in PAST.all(retention.customer_id) if one.pk != retention.pk]


def snapshot(found: Antecedents) -> dict[str, Any]:
    """What was found at step 1, as it was shown: codes and figures, for the case's record."""
    return {
        "eligible": [why.to_json() for why in found.eligible.why],
        "vip": [why.to_json() for why in found.vip.why],
        "average_bob": str(found.vip.average_bob),
        "debt_bob": str(sum((debt.amount_bob for debt in found.debts), Decimal(0))),
        "claims": len(found.claims),
    }


def evidence(damage: Damage, number: str) -> dict[str, Any]:
    """A verdict, as it was shown, for the case's record."""
    return {
        "subscription": damage.product,
        "number": number,
        "answer": damage.answer,
        "why": damage.why.to_json(),
        "unsolved": damage.unsolved.to_json() if damage.unsolved else None,
        "claims": list(damage.numbers),
        "first_at": damage.first_at.isoformat() if damage.first_at else None,
        "last_at": damage.last_at.isoformat() if damage.last_at else None,
    }


def _listed(risk: RiskView) -> Listed:
    return Listed(risk.entity, risk.listed_on, getattr(risk, "cleared_on", None))
