"""R-B4: the customer insists on leaving, at any open step from 3 on, in the waits and the controls too.

Answer of the action: `withdrawal_reason`, `withdrawal_note`, `leaving`, `equipment`, `certificate_noted`. The message `leaves`
may also come from outside with the same names in its payload.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.models import Wait
from thaki.cases.registry import Action, Job, Receiver, Work
from thaki.people.roles import Role
from thaki.procedures.retention import telling
from thaki.procedures.retention.forms import LeavingFields, keep_leaving
from thaki.procedures.retention.models import Retention
from thaki.records.customers.models import Subscription
from thaki.records.hand_overs import operations as hand_overs
from thaki.records.hand_overs.models import HandOver
from thaki.records.withdrawals import operations as withdrawals
from thaki.records.withdrawals.models import Withdrawal
from thaki.records.work_orders import operations as work_orders
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder

MESSAGE = "leaves"
CANCELLED = "bss.cancel_work_order"  # the effect
WHO = frozenset(
    {
        Role.ASESOR_COMERCIAL,
        Role.RESPONSABLE_RETENCION,
        Role.SUPERVISOR_CENTRO_OPERACIONES,
        Role.SEGUIMIENTO_INCIDENTES,
        Role.CALIDAD_RELACIONES,
    }
)


class LeaveForm(LeavingFields):
    """The baja."""

    def clean(self) -> dict[str, Any]:
        """A reason and a service at least."""
        super().clean()
        self.check_leaving()
        return self.cleaned_data


def available(work: Work) -> bool:
    """Whether the case stands where he may still go."""
    return Wait.objects.filter(case=work.case, message=MESSAGE).exists()


def perform(work: Work, data: dict[str, Any]) -> str:
    """Keep what the baja says; the message ends the case."""
    retention: Retention = work.record
    waiting = Wait.objects.filter(case=work.case, message=MESSAGE).values_list("node", flat=True).first()
    retention.left_at_step = (waiting or "").removeprefix("Leaves_").removeprefix("Wait_")[:8]
    retention.save(update_fields=["left_at_step", *keep_leaving(retention, data)])
    work.note(withdrawal=retention.withdrawal_reason, left_at=retention.left_at_step)
    return MESSAGE


def receive(work: Work, payload: dict[str, Any]) -> None:
    """From the action it comes empty; from outside with what the customer said."""
    retention: Retention = work.record
    if payload.get("withdrawal_reason"):
        retention.withdrawal_reason = str(payload["withdrawal_reason"])[:40]
        retention.withdrawal_note = str(payload.get("withdrawal_note", ""))[:300]
        retention.leaving = [int(pk) for pk in payload.get("leaving", ())]
        retention.save(update_fields=["withdrawal_reason", "withdrawal_note", "leaving"])


def withdraw(work: Work) -> None:
    """Register the bajas, cancel what is open, and tell Gestión de Solicitudes, who acknowledge it."""
    retention: Retention = work.record
    bajas = [_register(work, service) for service in _services(retention)]
    if not retention.withdrawal_reason:
        retention.withdrawal_reason = "other"
    _cancel_orders(work)
    work_orders.cancel_open(work.case.number, why=str(_("El socio/cliente pidió la baja")), by=work.by, now=work.now)
    retention.withdrawal = bajas[0] if bajas else None
    retention.save(update_fields=["withdrawal", "withdrawal_reason"])
    hand_overs.send(
        key=f"{work.case.number}:withdrawal",
        to=HandOver.To.SOLICITUDES,
        case_ref=work.case.number,
        customer=retention.customer,
        subject=f"Baja de {retention.customer.full_name}",
        body=telling.withdrawal(retention, bajas),
        by=work.by,
        now=work.now,
    )
    work.note(bajas=", ".join(baja.number for baja in bajas)[:200])


def _cancel_orders(work: Work) -> None:
    """The BSS is told of the orders that fall."""
    for order in WorkOrder.objects.filter(case_ref=work.case.number, state__in=OPEN_STATES):
        work.effect(CANCELLED, f"{work.case.number}:cancel:{order.pk}", {"work_order": order.pk})


def _services(retention: Retention) -> list[Subscription]:
    """Those that he gives up; all that he has where none was named."""
    found = Subscription.objects.filter(customer_id=retention.customer_id).select_related("plan").order_by("pk")
    named = found.filter(pk__in=retention.leaving) if retention.leaving else found.filter(status="active")
    return list(named)


def _register(work: Work, service: Subscription) -> Withdrawal:
    """The baja of one service; one that it has already stands."""
    retention: Retention = work.record
    known = Withdrawal.objects.filter(subscription=service).first()
    return known or withdrawals.register(
        customer=retention.customer,
        subscription=service,
        reason=retention.withdrawal_reason or "other",
        note=retention.withdrawal_note,
        case_ref=work.case.number,
        equipment_to_return=retention.equipment_to_return,
        certificate_noted=retention.certificate_noted,
        by=work.by,
        now=work.now,
    )


ACTIONS = (
    Action(
        code="retention.leave",
        label=_("El cliente se va: registrar la baja"),
        form=LeaveForm,
        perform=perform,
        template="retention/actions/leave.html",
        roles=WHO,
        available=available,
    ),
)
JOBS = (Job(handler="retention.withdraw", run=withdraw),)
RECEIVERS = (Receiver(MESSAGE, receive),)
