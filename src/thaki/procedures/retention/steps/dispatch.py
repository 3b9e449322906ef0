"""Step_6: the Supervisor prints the order and gives it to a technician, with the hour that the customer agreed to.

Answer: `technician` (his login), and where the hour is known `since` and `until`. Without a technician in the answer it is the
one with the fewest orders. The sheet is kept with the case's documents. `retention.agree_hour` changes the hour later on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import StepForm, moment_field
from thaki.cases.operations import attach_within
from thaki.cases.registry import Action, Step, StepRefused, Work
from thaki.people import policies
from thaki.people.models import User
from thaki.people.queries import holders
from thaki.people.roles import Role
from thaki.procedures.retention import order_sheet, rules_clock, visit_words
from thaki.procedures.retention.models import Retention
from thaki.records.claims import queries as claims
from thaki.records.documents import operations as documents
from thaki.records.reasons import RuleError
from thaki.records.work_orders import dispatch
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder

PDF = "application/pdf"
AGREED = timedelta(hours=2)  # how long a visit is waited for, unless somebody says otherwise


def technicians() -> QuerySet[User]:
    """Who makes visits, with how many orders each has open, the freest first."""
    load = Count("work_orders", filter=Q(work_orders__state__in=OPEN_STATES))
    return holders(Role.TECNICO_MULTISERVICIOS).annotate(load=load).order_by("load", "last_name", "first_name", "pk")


class TechnicianField(forms.ModelChoiceField):
    """A technician by his login, shown with his load."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(technicians(), to_field_name="username", empty_label="—", **kwargs)

    def label_from_instance(self, obj: User) -> str:
        load: int = getattr(obj, "load", 0)
        return _t("%(name)s · %(load)d abiertas") % {"name": obj, "load": load}


class HourForm(StepForm):
    """From when until when the customer waits."""

    since = moment_field(
        _("El cliente espera desde"), required=False, help_text=_("La hora que acordó con el socio/cliente.")
    )
    until = moment_field(_("hasta"), required=False, help_text=_("Si la deja vacía, dos horas después."))

    def clean(self) -> dict[str, Any]:
        """An hour within the 24, or none."""
        super().clean()
        data = self.cleaned_data
        since, order = data.get("since"), self.order
        if data.get("until") and not since:
            self.add_error("since", _("Indique desde qué hora."))
        if since:
            data["until"] = data.get("until") or since + AGREED
            if order is not None and not self.is_same(data):
                self.checked("since", dispatch.check_hour, order, since, data["until"], self.work.now)
        return data

    @property
    def order(self) -> WorkOrder | None:
        """The order that is worked on."""
        retention: Retention = self.work.record
        return retention.work_order

    def is_same(self, data: dict[str, Any]) -> bool:
        """Whether the hour is the one that was agreed already (it may have begun by now)."""
        order = self.order
        return order is not None and (order.agreed_from, order.agreed_to) == (data.get("since"), data.get("until"))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The hour agreed so far."""
        order = work.record.work_order
        return {"since": order.agreed_from, "until": order.agreed_to} if order else {}


class DispatchForm(HourForm):
    """Who goes, and when."""

    kept = ("technician", "since", "until")

    technician = TechnicianField(
        label=_("Técnico Multiservicios"), help_text=_("Propuesto: el que menos órdenes abiertas tiene.")
    )
    field_order = ("technician", "since", "until")

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """Who has it; else the one with the fewest orders."""
        order = work.record.work_order
        suggested = order.assigned_to if order and order.assigned_to_id else technicians().first()
        return super().known(work) | {"technician": suggested.username if suggested else None}


def complete(work: Work, data: dict[str, Any]) -> None:
    """The order is the technician's, its hour is known, its sheet is printed and kept; the customer is told."""
    order = work.record.work_order
    if order is None:
        raise StepRefused({"": _t("El caso todavía no tiene orden de trabajo.")})
    try:
        order = dispatch.assign(order.pk, to=data["technician"], by=work.by, now=work.now)
        order = _agree(work, order, data)
        if order.printed_at is None:
            keep_sheet(work, order)
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused
    told = visit_words.tell(work, _read(order.pk))
    work.note(order=order.number, technician=data["technician"].pk, told=told)


def _agree(work: Work, order: WorkOrder, data: dict[str, Any]) -> WorkOrder:
    since, until = data.get("since"), data.get("until")
    if not since or not until or (order.agreed_from, order.agreed_to) == (since, until):
        return order
    return dispatch.agree_hour(order.pk, since=since, until=until, by=work.by, now=work.now)


def keep_sheet(work: Work, order: WorkOrder) -> None:
    """Print the order's sheet and keep it with the case."""
    sheets = dispatch.print_orders([order.pk], by=work.by, now=work.now)
    name = f"orden-{order.number}.pdf"
    content = order_sheet.render(sheets)
    document = documents.keep(content, media_type=PDF, name=name, kind=order_sheet.KIND, by=work.by, now=work.now)
    attach_within(work, document, order_sheet.KIND)


def _read(order_id: int) -> WorkOrder:
    return WorkOrder.objects.select_related("customer", "subscription__plan", "assigned_to").get(pk=order_id)


def order_clock(order: WorkOrder, now: datetime) -> rules_clock.Clock:
    """How an order stands with its hours, by the policies."""
    return rules_clock.clock(
        due_at=order.due_at,
        now=now,
        arrived_at=order.arrived_at,
        resumes_at=order.resumes_at,
        hours=policies.get_int("retention.visit_hours"),
        warned_after=policies.get_int("retention.visit_warning_hours"),
    )


def context(work: Work) -> dict[str, Any]:
    """The order with what its people need."""
    retention: Retention = work.record
    if retention.work_order_id is None:
        return {"order": None}
    order = _read(retention.work_order_id)
    return {
        "order": order,
        "clock": order_clock(order, work.now),
        "claims": claims.of_service(order.subscription_id, until=work.now)[:5],
        "failures": list(order.failures.select_related("by").order_by("-at")),
        "whatsapp": visit_words.whatsapp(order, work.by),
        "by_mail": bool(order.customer.email) and not order.customer.email_bounced,
    }


# ---------------------------------------------------------------- the hour, later on
class AgreeHourForm(HourForm):
    """Another hour, or the first one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].required = True


def agree(work: Work, data: dict[str, Any]) -> str:
    """The customer waits then; he is told, and so is the technician's telephone. It moves nothing."""
    order = work.record.work_order
    try:
        order = dispatch.agree_hour(order.pk, since=data["since"], until=data["until"], by=work.by, now=work.now)
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused
    told = visit_words.tell(work, _read(order.pk))
    work.note(order=order.number, agreed=order_sheet.agreed_words(order), told=told)
    return ""


def may_agree(work: Work) -> bool:
    """While the technician is still expected."""
    order = work.record.work_order
    return order is not None and order.is_open and order.arrived_at is None


STEPS = (
    Step(
        handler="retention.dispatch",
        form=DispatchForm,
        complete=complete,
        template="retention/steps/dispatch.html",
        context=context,
    ),
)
ACTIONS = (
    Action(
        code="retention.agree_hour",
        label=_("Acordar la hora de la visita"),
        form=AgreeHourForm,
        perform=agree,
        template="retention/actions/agree_hour.html",
        roles=frozenset({Role.SUPERVISOR_CENTRO_OPERACIONES, Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION}),
        available=may_agree,
        context=context,
    ),
)
