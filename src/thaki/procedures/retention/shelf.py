"""What Gerencia Comercial's policy data says today: offers, Xpress tasks, reasons. Reads only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from thaki.people import policies
from thaki.procedures.retention import rules
from thaki.procedures.retention.antecedents import Antecedents
from thaki.procedures.retention.models import (
    GlosaVariant,
    OfferKind,
    Retention,
    RetentionOffer,
    RetentionReason,
    XpressTask,
)
from thaki.procedures.retention.rules import Service, Situation, Terms
from thaki.records.billing.queries_service import standing_claim
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import Reason


def reasons(use: str) -> list[RetentionReason]:
    """The reasons in force for a use: of_petition, of_refusal, of_withdrawal."""
    return list(RetentionReason.objects.filter(active=True, **{use: True}))


def reason_choices(use: str) -> list[tuple[Any, Any]]:
    """As a form's choices."""
    return [(one.code, one.name) for one in reasons(use)]


def reason_name(code: str) -> str:
    """The words of a reason, also of one no longer in force; the code where it is gone."""
    return RetentionReason.objects.filter(code=code).values_list("name", flat=True).first() or code


def tasks() -> list[XpressTask]:
    """The Xpress tasks in force (RET 7)."""
    return list(XpressTask.objects.filter(active=True))


def glosa_template(kind: str) -> str:
    """The glosa of an order: the signed one, or the approved variant for a compensation; "" while none is approved (R-B8)."""
    if kind != OfferKind.COMPENSATION:
        return rules.GLOSA
    approved = GlosaVariant.objects.filter(approved_at__isnull=False).order_by("-approved_at", "-pk").first()
    return approved.text if approved else ""


def services_seen(services: list[Subscription]) -> tuple[Service, ...]:
    """The active services as the rules see them: a package brings what its parts bring."""
    packages = [one.plan_id for one in services if one.plan.kind == Plan.Kind.PACKAGE]
    parts: dict[int, set[str]] = {}
    if packages:
        rows = Plan.components.through.objects.filter(from_plan__in=packages)
        for plan_id, kind in rows.values_list("from_plan_id", "to_plan__kind"):
            parts.setdefault(plan_id, set()).add(kind)
    return tuple(
        Service(
            pk=one.pk,
            product=one.plan.kind,
            technology=one.technology,
            carries=frozenset({one.plan.kind, *parts.get(one.plan_id, ())}),
        )
        for one in services
    )


def situation(retention: Retention, found: Antecedents, month: date) -> Situation:
    """What decides which offers the customer of a case may have."""
    affected = retention.subscription_id
    bill = next((one for one in found.bills if (one.subscription_id, one.month) == (affected, month)), None)
    claim = standing_claim(affected, month) if affected else None
    return Situation(
        today=timezone.localdate(found.now),
        services=services_seen(found.active),
        running=frozenset(one.kind for one in found.running),
        given=Courtesy.objects.filter(case_ref=retention.case.number).count(),
        most_courtesies=policies.get_int("retention.max_courtesies"),
        claimed=claim is not None and claim.case_ref != retention.case.number,
        removed=bill is not None and bill.removed_at is not None,
        affected=affected,
    )


def offers(kinds: tuple[str, ...], at: Situation) -> list[tuple[RetentionOffer, Reason | None]]:
    """The offers of some kinds, each with the reason for which this customer may not have it; those he may have first."""
    rows = RetentionOffer.objects.filter(kind__in=kinds)
    judged = [(offer, rules.refusal(terms_of(offer), at)) for offer in rows]
    return sorted(judged, key=lambda pair: (pair[1] is not None, pair[0].position))


def terms_of(offer: RetentionOffer) -> Terms:
    """An offer as the rules see it."""
    return Terms(
        code=offer.code,
        kind=offer.kind,
        product=offer.product,
        technology=offer.technology,
        active=offer.active,
        from_on=offer.valid_from_on,
        to_on=offer.valid_to_on,
    )
