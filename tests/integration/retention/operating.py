"""A retention on its way to the visit and the controls: the steps not looked at here are blank, over facts that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from thaki.cases import operations, registry, runtime, timers, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import registration
from thaki.procedures.retention.models import Affected, Retention
from thaki.procedures.retention.steps import dispatch, pending, quality
from thaki.records.customers.models import Customer, Phone, Subscription
from thaki.records.offers.models import Plan
from thaki.records.work_orders.models import WorkOrder

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in Cochabamba
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OURS = (*dispatch.STEPS, *quality.STEPS)
LEADING = {
    "eligible": "yes",
    "request": "unknown",
    "exception": "unknown",
    "fault": "none",
    "repeated": "yes",
    "stage": "damage",
    "offer": "removal",
    "next_offer": "none",
    "authorisation": "not_needed",
    "petition": "unknown",
}
LOGINS = {
    "asesor1": Role.ASESOR_COMERCIAL,
    "supervisor1": Role.SUPERVISOR_CENTRO_OPERACIONES,
    "tecnico1": Role.TECNICO_MULTISERVICIOS,
    "tecnico2": Role.TECNICO_MULTISERVICIOS,
    "incidentes1": Role.SEGUIMIENTO_INCIDENTES,
    "calidad1": Role.CALIDAD_RELACIONES,
    "gerencia1": Role.GERENCIA_COMERCIAL,
    "facturacion1": Role.DIVISION_FACTURACION,
    "retencion1": Role.RESPONSABLE_RETENCION,
    "solicitudes1": Role.GESTION_SOLICITUDES,
    "soluciones1": Role.SOLUCION_INCIDENTES,
}


def everybody() -> dict[str, User]:
    """One person a role, and two technicians."""
    return {
        login: User.objects.create_user(
            login, first_name=login.rstrip("12").title(), last_name=f"Prueba {login[-1]}", roles=[role.value]
        )
        for login, role in LOGINS.items()
    }


@contextmanager
def rest_is_blank() -> Iterator[None]:
    """Only the steps of operations and quality are the real ones."""
    app = registry.procedure_app("retention")
    nodes = list(versions.parse((registration.HERE / "procedure.bpmn").read_bytes(), "retention").nodes.values())
    registry.register(
        replace(
            app,
            facts=lambda retention: {**app.facts(retention), **LEADING},
            start=_start,
            steps=(*OURS, *pending.steps(nodes, {step.handler for step in OURS})),
            jobs=pending.jobs(nodes, ()),
            timer_fired=None,
        )
    )
    versions.forget()
    try:
        yield
    finally:
        registry.register(app)
        versions.forget()


def _start(work: registry.Work, payload: dict[str, Any]) -> Retention:
    return Retention.objects.create(
        case=work.case,
        customer_id=payload["customer"],
        subscription_id=payload["service"],
        adviser=work.by,
        received_at=work.now,
    )


@dataclass
class Walk:
    """One case, its people and a clock."""

    case: Case
    people: dict[str, User]
    now: datetime
    service: Subscription

    @property
    def retention(self) -> Retention:
        """As it is now."""
        return Retention.objects.get(pk=self.case.pk)

    @property
    def order(self) -> WorkOrder:
        """The current one, as it is now."""
        order = self.retention.work_order
        assert order is not None
        return order

    @property
    def nodes(self) -> set[str]:
        """Where it waits for somebody."""
        return set(Task.objects.filter(case=self.case, state="open").values_list("node", flat=True))

    def task(self, node: str) -> Task:
        """The open task of a node."""
        return Task.objects.select_related("case").get(case=self.case, node=node, state="open")

    def who(self, task: Task) -> User:
        """Whoever has it, else the first of its role."""
        if task.assignee is not None:
            return task.assignee
        return next(person for person in self.people.values() if task.role in person.roles)

    def done(self, node: str, data: Mapping[str, Any] | None = None) -> runtime.Delivered:
        """Answer a node's task."""
        task = self.task(node)
        return operations.complete(task.pk, by=self.who(task), now=self.now, data=data or {})

    def act(self, code: str, by: str, **data: Any) -> None:
        """Do an action."""
        operations.perform(self.case.pk, code, by=self.people[by], now=self.now, data=data)

    def later(self, span: timedelta) -> Walk:
        """Let time pass, and what falls due happen."""
        self.now += span
        timers.fire_due(now=self.now)
        return self

    def new_order(self) -> WorkOrder:
        """What step 5 makes: the first order, or one that replaces it."""
        before = self.retention.work_order
        n = WorkOrder.objects.count() + 1
        order = WorkOrder.objects.create(
            number=f"OT-2026-{n:06}",
            key=f"order-{n}",
            case_ref=self.case.number,
            customer=self.service.customer,
            subscription=self.service,
            product="internet",
            observations="CLIENTE CON DAÑOS REITERADOS, CON INTENSION DE BAJA",
            address="Av. América 123",
            zone="Queru Queru",
            lat=-17.38,
            lon=-66.16,
            contact_name=str(self.service.customer),
            contact_phone="71234567",
            issued_at=self.now,
            due_at=self.now + 24 * HOUR,
            replaces=before,
        )
        values = {"work_order": order, "visit": "unknown", "quality": "unknown", "recurrence": "unknown"}
        if before is not None:
            values["further_orders"] = self.retention.further_orders + 1
        Retention.objects.filter(pk=self.case.pk).update(**values)
        return order

    def to_dispatch(self) -> Walk:
        """Until the Supervisor has it."""
        for node in ("Step_1", "Step_2", "Step_3", "Step_4"):
            if node in self.nodes:
                self.done(node)
        self.new_order()
        self.done("Step_5")
        return self

    def to_controls(self) -> Walk:
        """Until the visit is over and its order closed."""
        if "Step_6" not in self.nodes:
            self.to_dispatch()
        self.done("Step_6")
        WorkOrder.objects.filter(pk=self.order.pk).update(
            state="closed", arrived_at=self.now + HOUR, closed_at=self.now + 2 * HOUR
        )
        self.order.tasks.create(task="drop", name="Cambio de acometida", done="Acometida nueva", done_at=self.now)
        Retention.objects.filter(pk=self.case.pk).update(visit="done", order_closed_at=self.now + 2 * HOUR)
        self.later(2 * HOUR)
        self.done("Step_7")
        self.done("Step_8")
        return self


def walk(
    people: dict[str, User], number: int = 1, *, vip: bool = False, now: datetime = NOW, mail: bool = True
) -> Walk:
    """A customer with Internet, received by the adviser."""
    customer = Customer.objects.create(
        code=f"C-{number:06}",
        given_names="Lucía",
        surnames=f"Rojas Vargas {number}",
        email=f"lucia{number}@correo.example" if mail else "",
        registered_at=now,
    )
    Phone.objects.create(customer=customer, number=f"7123{number:04}", kind="mobile", is_main=True, is_whatsapp=True)
    plan, _made = Plan.objects.get_or_create(
        code="FO60",
        defaults={
            "name": "Hogar Fibra 60",
            "technology": "FO",
            "kind": "internet",
            "down_mbps": 60,
            "up_mbps": 30,
            "tariff_bob": Decimal(189),
            "installation_bob": Decimal(150),
            "valid_from_on": date(2025, 1, 1),
        },
    )
    service = Subscription.objects.create(
        customer=customer, plan=plan, technology="FO", number=f"4428{number:04}", since_on=date(2024, 1, 1)
    )
    payload = {"customer": customer.pk, "service": service.pk}
    case = runtime.start("retention", payload, by=people["asesor1"], now=now)
    Retention.objects.filter(pk=case.pk).update(vip=vip)
    Affected.objects.create(retention_id=case.pk, subscription=service, product="internet", main=True)
    return Walk(case, people, now, service)
