"""GVD step 19: the requests not served, each with its reason; taken up again at the step that it left, or left (R-A3).

Answer: `decision` (take_up, leave) and `note`, which leaving needs. The rows are those of the Reporte de solicitudes no
atendidas.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.procedures.sales import capacity
from thaki.procedures.sales.choices import RefusalReason, WithdrawalReason, label_of
from thaki.procedures.sales.forms import StepForm, choice_field, text_area
from thaki.procedures.sales.models import Sale, Unserved, UnservedRequest
from thaki.procedures.sales.operations import to_unserved
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.records.network import queries as network
from thaki.records.network.rules import TechnologyVerdict

TAKEN_UP_AFTER_COVERAGE = 7  # Help Desk looks first: nothing is skipped
LEARNED = (  # what a request that comes back keeps of its earlier life: everything up to step 6
    "customer", "executive", "category", "request_kind", "installation_address", "installation_reference", "zone", "lat", "lon",
    "use_type", "browsing_hours", "customer_record", "special_needs", "wanted_kind", "wanted_mbps", "reference_numbers",
    "review_note", "visited_at",
)  # fmt: skip


class UnservedForm(StepForm):
    """Is it taken up again, or left?"""

    decision = choice_field(
        _("Decisión"),
        [(Unserved.TAKE_UP, _("Retomar en el paso que dejó")), (Unserved.LEAVE, _("Dejar sin atender"))],
        radio=True,
        help_text=_("Al retomar no se salta ningún paso: la solicitud sigue donde quedó."),
    )
    note = forms.CharField(
        label=_("Análisis"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Qué cambió, o por qué no se puede atender. Sale en el reporte."),
    )

    def clean(self) -> dict[str, Any]:
        """A request is not left without a word."""
        super().clean()
        if self.cleaned_data.get("decision") == Unserved.LEAVE:
            self.require("note", _("Escriba por qué se deja sin atender."))
        return self.cleaned_data


def pending(sale: Sale) -> UnservedRequest | None:
    """The arrival at 19 that waits for a decision."""
    return sale.unserved_requests.filter(decided_at=None).order_by("-arrived_at").first()


def context(work: Work) -> dict[str, Any]:
    """Why it is here, what was decided before, and what the network says of its place today."""
    sale: Sale = work.record
    request = pending(sale)
    verdicts = _verdicts(sale)
    return {
        "request": request,
        "reason": UNSERVED_LABELS.get(UnservedReason(request.reason)) if request else "",
        "earlier_case": sale.earlier.case.number if sale.earlier is not None else "",  # of a proposal (R-A3)
        "said": _said(sale),
        "earlier": sale.unserved_requests.exclude(decided_at=None).order_by("-arrived_at")[:10],
        "verdicts": verdicts,
        "attempts": sale.prospect.attempts.order_by("-at")[:5],
    }


def _verdicts(sale: Sale) -> tuple[TechnologyVerdict, ...]:
    """What the network offers at the sale's place today."""
    if sale.lat is None or sale.lon is None:
        return ()
    return network.qualify(sale.lat, sale.lon, sale.wanted_mbps or 0)


def _said(sale: Sale) -> list[str]:
    """What the customer gave as his reason, refusing the offer or withdrawing, in words."""
    if sale.unserved_reason == UnservedReason.OFFER_REFUSED:
        return [*filter(None, (label_of(RefusalReason, sale.refusal_reason), sale.refusal_note))]
    if sale.unserved_reason == UnservedReason.WITHDREW:
        return [*filter(None, (label_of(WithdrawalReason, sale.withdrawal_reason), sale.withdrawal_note))]
    return []


def opened(work: Work) -> None:
    """A request that lost its way here without a reason of its own was lost at step 7 or 8: the facts say which."""
    sale: Sale = work.record
    if pending(sale) is None:
        reason, step = _why_from_facts(sale)
        to_unserved(sale, reason, step, work.now)
        sale.save(update_fields=["unserved", "unserved_reason", "left_at_step"])


def _why_from_facts(sale: Sale) -> tuple[UnservedReason, int]:
    if sale.offer == "refused":
        return UnservedReason.OFFER_REFUSED, 8
    return UnservedReason.NO_CAPACITY, 7


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the decision on the request's row and on the sale."""
    sale: Sale = work.record
    sale.unserved = data["decision"]
    sale.save(update_fields=["unserved"])
    request = pending(sale)
    if request is not None:
        request.decision = data["decision"]
        request.note = data["note"]
        request.decided_at = work.now
        request.decided_by = work.by
        request.save(update_fields=["decision", "note", "decided_at", "decided_by"])
    work.note(decision=data["decision"], reason=sale.unserved_reason, left_at=sale.left_at_step)


def come_back(work: Work, earlier: Sale) -> Sale:
    """The sale of a case that coverage brings back: it knows all that was learned before, and proposes itself at 19 (R-A3)."""
    sale = Sale(case=work.case, prospect=earlier.prospect, earlier=earlier)
    for name in LEARNED:
        setattr(sale, name, getattr(earlier, name))
    sale.coverage, sale.coverage_checked_at = [verdict.to_json() for verdict in capacity.qualify(sale)], work.now
    sale.save()
    to_unserved(sale, UnservedReason.COVERAGE_REACHED, TAKEN_UP_AFTER_COVERAGE, work.now)
    sale.save(update_fields=["unserved", "unserved_reason", "left_at_step"])
    work.note(unserved_reason=str(UnservedReason.COVERAGE_REACHED), comes_from=earlier.case.number)
    return sale


STEPS = (
    Step(
        handler="sales.review_unserved",
        form=UnservedForm,
        complete=complete,
        template="sales/steps/review_unserved.html",
        context=context,
        opened=opened,
    ),
)
