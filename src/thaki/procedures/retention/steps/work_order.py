"""RET step 5: the work order of Servicio de Ingeniería, with its exact fields and the glosa to the letter.

Answer: `mobile`, the customer's mobile that the glosa names. Posting twice makes one order. A further one after a recurrence
(R-B3) replaces the one before and counts; its clocks replace the old ones.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import phone_field
from thaki.cases.registry import Step, StepRefused, Work
from thaki.people import policies
from thaki.procedures.retention import rules, shelf
from thaki.procedures.retention.forms import StepForm, active_services
from thaki.procedures.retention.models import Decision, Quality, Recurrence, Retention, Visit
from thaki.procedures.retention.reading import read_of
from thaki.procedures.retention.screens import amount_context
from thaki.records.customers.models import Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError
from thaki.records.work_orders import operations as work_orders
from thaki.records.work_orders.models import ACTIVITY, PAYMENT_FORM, WorkOrder

TOLD = "bss.place_work_order"  # the effect


class OrderForm(StepForm):
    """The mobile; all else is fixed."""

    kept = ("mobile",)

    mobile = phone_field(_("Celular del cliente"), help_text=_("Va en la glosa: el técnico coordina por él."))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The mobile on record."""
        return {"mobile": read_of(work.record, now=work.now).mobile}

    def clean_mobile(self) -> str:
        """A mobile, not a fixed line."""
        number: str = self.cleaned_data["mobile"]
        if number[:1] not in ("6", "7"):
            self.add_error("mobile", _("Hace falta un celular, no un teléfono fijo."))
        return number


def complete(work: Work, data: dict[str, Any]) -> None:
    """Make the order; a further one replaces the one before."""
    retention: Retention = work.record
    before = retention.work_order
    further = retention.further_orders + (1 if before is not None else 0)
    try:
        order = work_orders.issue(
            key=f"{work.case.number}:order:{further}",
            case_ref=work.case.number,
            customer=retention.customer,
            subscription=service_of(work),
            observations=glosa_of(retention, data["mobile"]),
            hours=policies.get_int("retention.visit_hours"),
            contact_phone=data["mobile"],
            replaces=before,
            by=work.by,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({refused.field if refused.field == "mobile" else "": str(refused)}) from refused
    retention.work_order, retention.further_orders = order, further
    _begin_anew(retention)
    work.effect(TOLD, f"{work.case.number}:order:{order.pk}", {"work_order": order.pk})
    work.note(order=order.number, further_orders=further)


def _begin_anew(retention: Retention) -> None:
    """The new order's clocks replace the old ones, and its controls are to be made (R-B3)."""
    retention.visit, retention.visit_resumes_at, retention.order_closed_at = Visit.UNKNOWN, None, None
    retention.quality, retention.quality_attempts = Quality.UNKNOWN, 0
    retention.recurrence, retention.decision = Recurrence.UNKNOWN, Decision.UNKNOWN
    retention.save(
        update_fields=[
            "work_order",
            "further_orders",
            "visit",
            "visit_resumes_at",
            "order_closed_at",
            "quality",
            "quality_attempts",
            "recurrence",
            "decision",
        ]
    )


def glosa_of(retention: Retention, mobile: str) -> str:
    """The Observaciones; StepRefused while the variant for compensations is not approved (R-B8)."""
    template = shelf.glosa_template(retention)
    if not template:
        raise StepRefused(
            {"": str(_("La glosa para compensaciones aún no está aprobada: pídale al Responsable que la apruebe."))}
        )
    assert retention.invoice_month is not None  # agreed at 3
    return rules.glosa(template, month=retention.invoice_month, mobile=mobile)


def service_of(work: Work) -> Subscription:
    """5.2: the Internet product, also where a package brings it; without it, the affected one (R-B10)."""
    retention: Retention = work.record
    services = active_services(work)
    internet = [one for one in services if one.plan.kind == Plan.Kind.INTERNET or one.plan.down_mbps]
    chosen = next(iter(internet or services), None) or retention.subscription
    if chosen is None:
        raise StepRefused({"": str(_("El cliente no tiene servicios activos."))})
    return chosen


def context(work: Work) -> dict[str, Any]:
    """Every field of the order as it is keyed in, each with its button."""
    retention: Retention = work.record
    mobile = read_of(retention, now=work.now).mobile
    template = shelf.glosa_template(retention)
    service = service_of(work)
    last: WorkOrder | None = retention.work_order
    return amount_context(work) | {
        "service": service,
        "no_internet": not (service.plan.kind == Plan.Kind.INTERNET or service.plan.down_mbps),
        "payment_form": PAYMENT_FORM,
        "activity": ACTIVITY,
        "glosa": rules.glosa(template, month=retention.invoice_month, mobile=mobile or "…")
        if template and retention.invoice_month
        else "",
        "mobile": mobile,
        "last": last,
        "further": retention.further_orders + 1 if last else 0,
        "most_further": policies.get_int("retention.max_further_orders"),
        "damaged": list(retention.affected.select_related("subscription__plan")),
    }


STEPS = (
    Step(
        handler="retention.work_order",
        form=OrderForm,
        complete=complete,
        template="retention/steps/work_order.html",
        context=context,
    ),
)
