"""What Gerencia Comercial's policy data says today: offers, Xpress tasks, reasons. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from thaki.people import policies
from thaki.people.prepared import Prepared
from thaki.people.together import Together
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
from thaki.procedures.retention.remembering import remembered
from thaki.procedures.retention.rules import Service, Situation, Terms
from thaki.records.offers.models import Plan
from thaki.records.reasons import Reason

PACKAGE = Plan.Kind.PACKAGE


_REASONS = Prepared(RetentionReason, "TRUE ORDER BY m.position, m.code")
_OFFERS = Prepared(RetentionOffer, "TRUE ORDER BY m.kind, m.position, m.code")
_TASKS = Prepared(XpressTask, "m.active ORDER BY m.position, m.code")
_GLOSA = Prepared(GlosaVariant, "m.approved_at IS NOT NULL ORDER BY m.approved_at DESC, m.id DESC LIMIT 1")
_ALL = Together(_REASONS, _OFFERS, _TASKS, _GLOSA)


@dataclass(frozen=True, slots=True)
class Stock:
    """All there is, also what is no longer in force."""

    reasons: list[RetentionReason]
    offers: list[RetentionOffer]
    tasks: list[XpressTask]
    glosas: list[GlosaVariant]

    def reason_name(self, code: str) -> str:
        """The words of a reason; the code where it is gone."""
        return next((one.name for one in self.reasons if one.code == code), code)


def stock(retention: Retention) -> Stock:
    """What one request, or one move, of a case goes by: one query."""
    return remembered(retention, "stock", lambda: Stock(*_ALL.all((), (), (), ())))


def reasons(retention: Retention, use: str) -> list[RetentionReason]:
    """The reasons in force for a use: of_petition, of_refusal, of_withdrawal."""
    return [one for one in stock(retention).reasons if one.active and getattr(one, use)]


def reason_choices(retention: Retention, use: str) -> list[tuple[Any, Any]]:
    """As a form's choices."""
    return [(one.code, one.name) for one in reasons(retention, use)]


def reason_name(code: str) -> str:
    """The words of a reason, also of one no longer in force; the code where it is gone."""
    return RetentionReason.objects.filter(code=code).values_list("name", flat=True).first() or code


def tasks(retention: Retention) -> list[XpressTask]:
    """The Xpress tasks in force (RET 7)."""
    return stock(retention).tasks


def glosa_template(retention: Retention) -> str:
    """The glosa of an order: the signed one, or the approved variant for a compensation; "" while none is approved (R-B8)."""
    if retention.offer != OfferKind.COMPENSATION:
        return rules.GLOSA
    approved = stock(retention).glosas
    return approved[0].text if approved else ""


def services_seen(found: Antecedents) -> tuple[Service, ...]:
    """The active services as the rules see them: a package brings what its parts bring."""
    parts = {one.plan_id: found.read.parts.get(one.plan_id, ()) for one in found.active if one.plan.kind == PACKAGE}
    return tuple(
        Service(
            pk=one.pk,
            product=one.plan.kind,
            technology=one.technology,
            carries=frozenset({one.plan.kind, *parts.get(one.plan_id, ())}),
        )
        for one in found.active
    )


def situation(retention: Retention, found: Antecedents, month: date) -> Situation:
    """What decides which offers the customer of a case may have."""
    affected = retention.subscription_id
    bill, claim = found.read.bill(affected, month), found.read.standing_claim(affected, month)
    case = retention.case.number
    return Situation(
        today=timezone.localdate(found.now),
        services=services_seen(found),
        running=frozenset(one.kind for one in found.running),
        given=sum(one.case_ref == case for one in found.courtesies),
        most_courtesies=policies.get_int("retention.max_courtesies"),
        claimed=claim is not None and claim.case_ref != case,
        removed=bill is not None and bill.removed_at is not None,
        affected=affected,
    )


def on_offer(retention: Retention, *kinds: str) -> list[RetentionOffer]:
    """The offers of some kinds, also those not in force."""
    return [one for one in stock(retention).offers if one.kind in kinds]


def offers(retention: Retention, kinds: tuple[str, ...], at: Situation) -> list[tuple[RetentionOffer, Reason | None]]:
    """The offers of some kinds, each with the reason for which this customer may not have it; those he may have first."""
    rows = on_offer(retention, *kinds)
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
