"""What is asked about plans and letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from thaki.people.prepared import Prepared
from thaki.records.network.rules import TechnologyVerdict
from thaki.records.offers.models import CommercialLetter, LetterItem, Plan
from thaki.records.offers.rules import Fit, fit


@dataclass(frozen=True, slots=True)
class PlanOption:
    """A plan on sale, and whether this address may have it."""

    plan: Plan
    fit: Fit

    @property
    def sellable(self) -> bool:
        """Whether it may be offered here."""
        return self.fit.sellable


_ON_SALE = Prepared(Plan, "m.valid_from_on <= %s AND (m.valid_to_on IS NULL OR m.valid_to_on >= %s)")


def plans_on_sale(today: date, *, kind: str = "", technology: str = "") -> QuerySet[Plan]:
    """The plans within their validity, with what packages are made of."""
    plans = Plan.objects.filter(Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=today), valid_from_on__lte=today)
    if kind:
        plans = plans.filter(kind=kind)
    if technology:
        plans = plans.filter(technology=technology)
    return plans.prefetch_related("components")


def plans_for(verdicts: Iterable[TechnologyVerdict], *, max_mbps: int | None = None, today: date) -> list[PlanOption]:
    """Every plan on sale held against the address: those that it can have first, fastest first; the others with the reason.

    `max_mbps` is the maximum that Help Desk confirmed at 7 (R-A8); None when it confirmed what was asked.
    """
    available = {v.technology: v.max_mbps for v in verdicts if v.available}
    options = [PlanOption(p, fit(p.technology, p.down_mbps, available, max_mbps)) for p in _ON_SALE.all(today, today)]
    return sorted(options, key=lambda o: (not o.sellable, -o.plan.down_mbps, o.plan.tariff_bob))


def open_letter(case_ref: str) -> CommercialLetter | None:
    """The letter of a case that waits for its answer."""
    return CommercialLetter.objects.filter(case_ref=case_ref, state=CommercialLetter.State.ISSUED).first()


def letters(case_ref: str) -> QuerySet[CommercialLetter]:
    """Every letter of a case, the latest first, with its items."""
    return CommercialLetter.objects.filter(case_ref=case_ref).prefetch_related("items").order_by("-issued_at", "-id")


def accepted_item(case_ref: str) -> LetterItem | None:
    """The plan that the customer of a case accepted last, at the price of its letter."""
    letter = CommercialLetter.objects.filter(case_ref=case_ref, state="accepted").order_by("-answered_at").first()
    if letter is None:
        return None
    return LetterItem.objects.select_related("plan").get(letter=letter, plan=letter.accepted_plan_id)
