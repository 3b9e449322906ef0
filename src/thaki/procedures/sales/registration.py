"""Gestión de Ventas Digitales as the runtime knows it: its record, its facts and what every node of the BPMN file does."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases import registry
from thaki.cases.registry import ProcedureApp, Work
from thaki.people.prepared import Prepared
from thaki.people.roles import Role
from thaki.procedures.sales import briefs, consequences, contact, documents, notes, panels, stage
from thaki.procedures.sales.facts import facts
from thaki.procedures.sales.models import Sale, SalesReport
from thaki.procedures.sales.steps import sales_report, unserved
from thaki.reporting.months import month_name

HERE = Path(__file__).parent
SUPERVISORS = tuple(
    role.value
    for role in (Role.RESPONSABLE_CANALES_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES, Role.JEFE_DIVISION_VENTAS)
)

# One module a step of the signed procedure or a natural pair; each may have STEPS, JOBS, ACTIONS and RECEIVERS.
STEP_MODULES = (
    "prospect",  # 1
    "category",  # 2
    "customer",  # 3
    "qualitative",  # 4
    "coverage",  # 5, 6
    "capacity",  # 7
    "offer",  # 8
    "requirements",  # 9
    "payment_form",  # 10
    "prepaid",  # 11
    "deposit",  # 12 to 15
    "refund",  # R-A4, R-A7
    "cashier",  # 16, 17
    "recurring",  # 18
    "unserved",  # 19
    "order_entry",  # 20 to 22
    "contract",  # 23
    "milestones",  # 24
    "follow_up",  # 25
    "portal_actions",  # the customer on his link
)


def _collect(name: str) -> tuple[Any, ...]:
    modules = [import_module(f"thaki.procedures.sales.steps.{m}") for m in STEP_MODULES]
    return tuple(item for module in modules for item in getattr(module, name, ()))


LOCKED = Prepared(Sale, "m.case_id = %s", follow=("prospect", "customer", "plan"), lock=True)
SHOWN = Prepared(
    Sale,
    "m.case_id = %s",
    follow=("prospect", "customer", "plan", "letter", "payment", "invoice", "order", "contract", "executive"),
)


def load(case_id: int) -> Sale:
    """The sale of a case, locked, with whom it is about."""
    return LOCKED.get(case_id)


def peek(case_id: int) -> Sale:
    """The sale of a case with what its screens show, not locked."""
    return SHOWN.get(case_id)


def subject(sale: Sale) -> str:
    """Who a case is about, for lists: the customer if known, else the prospect."""
    return str(sale.customer or sale.prospect)


def start(work: Work, payload: dict[str, Any]) -> Sale:
    """The sale of a new case, from `{"prospect": id}`: the prospect exists before its case (GVD step 1).

    `{"sale": case id}` instead makes the one that coverage brings back (R-A3).
    """
    if "sale" in payload:
        return unserved.come_back(work, Sale.objects.get(pk=payload["sale"]))
    return Sale.objects.create(case=work.case, prospect_id=payload["prospect"])


def register() -> None:
    """Tell the runtime about the procedure; called when Django is ready."""
    registry.register(
        ProcedureApp(
            code="sales",
            prefix="GVD",
            bpmn=HERE / "procedure.bpmn",
            process="sales",
            start=start,
            load=load,
            peek=peek,
            facts=facts,
            subject=subject,
            steps=_collect("STEPS"),
            jobs=_collect("JOBS"),
            actions=_collect("ACTIONS"),
            receivers=_collect("RECEIVERS"),
            # R-A7: the action itself forgets the payment form. R-A3: `coverage_reached.py` opens the case.
            taken=("payment_form_changed", "coverage_reached"),
            timer_fired=contact.timer_fired,
            panels=("sales/panels/customer.html", "sales/panels/sale.html"),
            panel_context=panels.context,
            scenarios=HERE / "scenarios",
            rehearse_start=stage.set_up,
            briefs=briefs.of_leaders,
            consequences=consequences.of_going_back,
            final={
                "billing_invoice": _("Ya se emitió una factura: no se deshace, se anula."),
                "billing_invoiceprint": _("La factura ya se imprimió: no se deshace."),
            },
            made_documents=frozenset({"carta_comercial", "factura"}),
            supervisors=SUPERVISORS,
            notes=notes.WORDS,
            document_readers=documents.READERS,
        )
    )
    registry.register(
        ProcedureApp(
            code="sales_report",
            prefix="INF",
            bpmn=HERE / "report.bpmn",
            process="sales_report",
            start=sales_report.start,
            load=lambda case_id: SalesReport.objects.select_for_update(of=("self",)).get(pk=case_id),
            peek=lambda case_id: SalesReport.objects.select_related("case", "sent_by").get(pk=case_id),
            facts=lambda report: {},
            subject=lambda report: month_name(report.month_on).capitalize(),
            steps=(sales_report.STEP,),
            scenarios=HERE / "scenarios" / "report",
            supervisors=SUPERVISORS,
        )
    )
