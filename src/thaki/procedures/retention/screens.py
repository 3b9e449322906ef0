"""What the screens of the retention show beside their forms. Reads only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from thaki.cases.registry import Work
from thaki.procedures.retention import amounts, antecedents, shelf
from thaki.procedures.retention.antecedents import LINE_DAYS, MONTHS_SHOWN, Antecedents
from thaki.procedures.retention.models import OfferKind, Retention
from thaki.records.claims.rules import Damage, days_apart
from thaki.records.customers.models import Subscription
from thaki.reporting.months import month_name


def antecedents_context(work: Work) -> dict[str, Any]:
    """Everything worked out and explained, as steps 1 and 2 show it."""
    retention: Retention = work.record
    found = antecedents.of_case(retention, now=work.now)
    return shown(found) | {"retention": retention}


def shown(found: Antecedents) -> dict[str, Any]:
    """Antecedents in the shape that the fragment takes."""
    months = sorted(found.billed, reverse=True)[:MONTHS_SHOWN]
    verdicts = {one.product: one for one in found.damage}
    return {
        "found": found,
        "billing": [(month_name(month), found.billed[month]) for month in months],
        "lines": [_line(found, service, verdicts.get(service.pk)) for service in found.active],
        "debt_bob": sum(debt.amount_bob for debt in found.debts),
        "mobile": found.read.mobile,
        "line_days": LINE_DAYS,
        "line_from": timezone.localdate(found.now) - timedelta(days=LINE_DAYS),
        "line_to": timezone.localdate(found.now),
    }


def _line(found: Antecedents, service: Subscription, verdict: Damage | None) -> dict[str, Any]:
    """One service's claims on the line of the last thirty days, with its verdict."""
    marks = []
    for mark in verdict.marks if verdict else ():
        ago = days_apart(mark.at, found.now)
        if ago <= LINE_DAYS:
            marks.append({"mark": mark, "at": max(1, min(99, round(100 * (LINE_DAYS - ago) / LINE_DAYS)))})
    return {
        "service": service,
        "verdict": verdict,
        "marks": marks,
        "open": [one.claim for one in found.claims if one.claim.subscription_id == service.pk and one.claim.is_open],
        "tone": {"yes": "bad", "ask": "warn", "no": "neutral"}[verdict.answer] if verdict else "neutral",
    }


def amount_context(work: Work) -> dict[str, Any]:
    """What was agreed, and what it costs, for those who give, authorise or key it in."""
    retention: Retention = work.record
    return {
        "retention": retention,
        "limit_bob": amounts.limit(retention),
        "month": month_name(retention.invoice_month) if retention.invoice_month else "",
        "reason": shelf.stock(retention).reason_name(retention.refusal_reason),
        "past": antecedents.past_of(retention),
    }


def offers_context(work: Work, *kinds: str) -> dict[str, Any]:
    """The offers that this customer may have, each other one with its reason; amounts; what it costs; the script."""
    retention: Retention = work.record
    found = antecedents.of_case(retention, now=work.now)
    money = amounts.of(retention, now=work.now)
    month = money.month if money else timezone.localdate(work.now).replace(day=1)
    at = shelf.situation(retention, found, month)
    judged = shelf.offers(retention, kinds, at)
    return {
        "retention": retention,
        "found": found,
        "money": money,
        "month": month_name(month),
        "offers": [
            {
                "offer": offer,
                "why": why,
                "cost": cost_of(offer.kind, offer.cost_bob, money),
                "service": _carrier(offer, at, found),
            }
            for offer, why in judged
        ],
        "past": found.past,
        "courtesies": found.courtesies,
        "mobile": found.read.mobile,
        "days_range": range(1, (money.most_days if money else 30) + 1),
    }


def _carrier(offer: Any, at: Any, found: Antecedents) -> Subscription | None:
    from thaki.procedures.retention.rules import service_for

    if offer.kind != OfferKind.COURTESY:
        return None
    service = service_for(shelf.terms_of(offer), at.services, at.affected)
    return found.service(service.pk) if service else None


def cost_of(kind: str, cost_bob: Any, money: amounts.Amounts | None) -> Any:
    """What an offer costs COMTECO: the amount given up, and what it says of itself beside."""
    given = {"removal": money.removal_bob, "compensation": money.compensation_bob}.get(kind, 0) if money else 0
    return given + cost_bob
