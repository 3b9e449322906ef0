"""RET steps 4 and 13: the billing claim in Smartflex, "Retiro por Retención con Servicio de Ingeniería" or a compensation.

Nothing is asked: what was agreed is keyed in as it is. Registering twice registers once; the month is that of the agreement,
whatever month it is by now.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.retention.forms import StepForm
from thaki.procedures.retention.models import OfferKind, Retention
from thaki.procedures.retention.screens import amount_context
from thaki.records.billing.operations import service as billing
from thaki.records.billing.queries_service import bill_of
from thaki.records.billing.service_models import REMOVAL_REASON
from thaki.records.reasons import RuleError

TOLD = "bss.register_billing_claim"  # the effect
COMPENSATION_REASON = "Compensación de servicios por Retención"


class ClaimForm(StepForm):
    """Nothing is asked."""


def complete(work: Work, data: dict[str, Any]) -> None:
    """Register the claim: Facturación finds it in its inbox."""
    retention: Retention = work.record
    if retention.subscription is None or retention.invoice_month is None or retention.amount_bob is None:
        raise StepRefused({"": str(_("Falta lo acordado con el cliente: vuelva a la negociación."))})
    try:
        claim = billing.register_claim(
            key=key_of(work),
            case_ref=work.case.number,
            subscription=retention.subscription,
            kind=retention.offer,
            reason=reason_of(retention),
            month=retention.invoice_month,
            amount_bob=retention.amount_bob,
            days=retention.days_affected,
            by=work.by,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({"": str(refused)}) from refused
    retention.billing_claim = claim
    retention.save(update_fields=["billing_claim"])
    work.effect(TOLD, f"{work.case.number}:claim:{claim.pk}", {"billing_claim": claim.pk})
    work.note(billing_claim=claim.number, amount_bob=str(claim.amount_bob))


def key_of(work: Work) -> str:
    """One claim an agreement: the same step keyed in twice is one; another amount after a rejection is another."""
    retention: Retention = work.record
    return f"{work.case.number}:{retention.offer}:{retention.subscription_id}:{retention.invoice_month}:{retention.amount_bob}"


def reason_of(retention: Retention) -> str:
    """The reason as it is keyed in (RET 4.1); a compensation has words of our own."""
    return REMOVAL_REASON if retention.offer == OfferKind.REMOVAL else COMPENSATION_REASON


def context(work: Work) -> dict[str, Any]:
    """Each value with its button to copy it, and the bill as it stands."""
    retention: Retention = work.record
    month, service = retention.invoice_month, retention.subscription
    return amount_context(work) | {
        "claim_reason": reason_of(retention),
        "bill": bill_of(service.pk, month) if service and month else None,
        "month_ddmm": f"{month:%m/%Y}" if month else "",
    }


STEPS = tuple(
    Step(
        handler=handler,
        form=ClaimForm,
        complete=complete,
        template="retention/steps/billing_claim.html",
        context=context,
    )
    for handler in ("retention.removal_claim", "retention.compensation_claim")
)
