"""A retention whose technician is about to visit: its case walked to step 7 by blank steps over facts that lead there.

What the office did before is the matter of other tests; here the steps 1 to 6 are given, and 7 and 8 are the real ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image

from thaki.cases import operations, registry, runtime, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import registration
from thaki.procedures.retention.models import Retention, XpressTask
from thaki.procedures.retention.steps import pending
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Customer, Subscription
from thaki.records.network.models import Line
from thaki.records.offers.models import Plan
from thaki.records.work_orders.models import WorkOrder

TO_THE_VISIT = {
    "eligible": "yes", "request": "unknown", "exception": "unknown", "fault": "none", "repeated": "yes", "stage": "damage",
    "offer": "removal", "next_offer": "none", "authorisation": "not_needed", "petition": "unknown", "visit": "unknown",
    "quality": "unknown", "recurrence": "unknown", "orders": "room", "decision": "unknown",
}  # fmt: skip
TASKS = (
    ("wifi", "Cobertura WiFi", "Instalar un access point o mover el punto"),
    ("cabling", "Inestabilidad de señal", "Cablear hasta 2 dispositivos"),
    ("tv", "Problemas de TV", "Cambiar cableado interno o conectores"),
    ("drop", "Cortes frecuentes", "Cambiar la acometida por entorchado"),
    ("extension", "Derivado telefónico", "Cablear el derivado telefónico"),
)


@dataclass
class Visit:
    """One visit: its case, order and people."""

    case: Case
    order: WorkOrder
    technician: User
    now: datetime

    @property
    def retention(self) -> Retention:
        """The retention as it is now."""
        return Retention.objects.get(pk=self.case.pk)

    def fresh(self) -> WorkOrder:
        """The order as it is now."""
        return WorkOrder.objects.get(pk=self.order.pk)

    def open_nodes(self) -> set[str]:
        """Where the case waits for somebody."""
        return set(Task.objects.filter(case=self.case, state="open").values_list("node", flat=True))

    def task(self, node: str) -> Task:
        """The open task of a node."""
        return Task.objects.get(case=self.case, node=node, state="open")


def person(login: str, role: Role) -> User:
    """Somebody of that role, who can sign in with the demo's password."""
    found = User.objects.filter(username=login).first()
    return found or User.objects.create_user(
        username=login, password="thaki-demo", first_name=login.title(), last_name="Prueba", roles=[role.value],
        email=f"{login}@comteco.example",
    )  # fmt: skip


def tasks_in_force() -> None:
    """The five Xpress tasks."""
    for position, (code, problem, name) in enumerate(TASKS):
        XpressTask.objects.get_or_create(code=code, defaults={"problem": problem, "name": name, "position": position})


def customer(number: int, now: datetime) -> tuple[Customer, Subscription]:
    """A customer with Internet, whose line was measured, and television."""
    made = Customer.objects.create(
        code=f"C-{number:06}", given_names="Lucía", surnames=f"Rojas Vargas {chr(64 + number)}", ci_number=str(4000000 + number),
        ci_department="CB", address="Av. América E-0451", zone="Queru Queru", lat=-17.38, lon=-66.16, registered_at=now,
    )  # fmt: skip
    line = Line.objects.create(
        number=f"4428{number:04}", technology="FO", lat=-17.38, lon=-66.16, sync_down_mbps=Decimal(100),
        sync_up_mbps=Decimal(50), attenuation_db=Decimal(19), snr_db=Decimal(30), measured_at=now - timedelta(days=1),
    )  # fmt: skip
    internet = Subscription.objects.create(
        customer=made, plan=_plan("FO60", "Hogar Fibra 60", "internet"), line=line, technology="FO",
        number=line.number, since_on=date(2024, 1, 1),
    )  # fmt: skip
    Subscription.objects.create(
        customer=made, plan=_plan("TV", "Televisión Básica", "tv"), technology="FO", number=f"T{number:05}",
        since_on=date(2024, 1, 1),
    )  # fmt: skip
    return made, internet


def _plan(code: str, name: str, kind: str) -> Plan:
    found, _new = Plan.objects.get_or_create(
        code=code,
        defaults={
            "name": name, "technology": "FO", "kind": kind, "down_mbps": 60 if kind == "internet" else 0, "up_mbps": 30,
            "tariff_bob": Decimal(189), "installation_bob": Decimal(150), "valid_from_on": date(2025, 1, 1),
        },
    )  # fmt: skip
    return found


def at_the_visit(number: int, technician: User, now: datetime) -> Visit:
    """A case at step 7 whose order is the technician's."""
    tasks_in_force()
    who, service = customer(number, now)
    for days in (20, 5):
        Claim.objects.create(
            number=f"REC-{number}-{days}", customer=who, subscription=service, product="internet", fault="cuts",
            description="Se corta de noche", claimed_at=now - timedelta(days=days),
        )  # fmt: skip
    adviser, chief = person("asesor1", Role.ASESOR_COMERCIAL), person("supervisor1", Role.SUPERVISOR_CENTRO_OPERACIONES)
    with _office_is_blank():
        case = runtime.start("retention", {"customer": who.pk}, by=adviser, now=now)
        order = _order(number, case, who, service, technician, now)
        Retention.objects.filter(pk=case.pk).update(work_order=order, subscription=service)
        for _step in range(20):
            task = Task.objects.filter(case=case, state="open").order_by("pk").first()
            assert task is not None
            if task.node == "Step_7":
                break
            by = {adviser.roles[0]: adviser, chief.roles[0]: chief}[task.role]
            operations.complete(task.pk, by=by, now=now, data={})
    Task.objects.filter(case=case, node="Step_7").update(assignee=technician, assigned_at=now)
    return Visit(Case.objects.get(pk=case.pk), order, technician, now)


def _order(number: int, case: Case, who: Customer, service: Subscription, technician: User, now: datetime) -> WorkOrder:
    return WorkOrder.objects.create(
        number=f"OT-{number:06}", key=f"test-{case.number}", case_ref=case.number, customer=who, subscription=service,
        product="internet", observations="CLIENTE CON DAÑOS REITERADOS", address=who.address, zone=who.zone, lat=who.lat,
        lon=who.lon, contact_name=who.full_name, contact_phone="71234567", issued_at=now, due_at=now + timedelta(hours=24),
        assigned_to=technician, assigned_at=now, agreed_from=now + timedelta(hours=3), agreed_to=now + timedelta(hours=4),
        state="scheduled",
    )  # fmt: skip


@contextmanager
def _office_is_blank() -> Iterator[None]:
    app = registry.procedure_app("retention")
    nodes = versions.parse((registration.HERE / "procedure.bpmn").read_bytes(), "retention").nodes.values()
    start: Any = lambda work, payload: Retention.objects.create(  # noqa: E731
        case=work.case, customer_id=payload["customer"], adviser=work.by, received_at=work.now
    )
    blank = replace(
        app, facts=lambda record: TO_THE_VISIT, start=start, steps=pending.steps(nodes, ()), jobs=pending.jobs(nodes, ()),
        timer_fired=None,
    )  # fmt: skip
    registry.register(blank)
    versions.forget()
    try:
        yield
    finally:
        registry.register(app)
        versions.forget()


# ---------------------------------------------------------------- what a telephone sends
def picture(kind: str = "JPEG", colour: tuple[int, int, int] = (200, 220, 210)) -> bytes:
    """A photograph or a signature."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, kind)
    return out.getvalue()


def submission(visit: Visit, kind: str, key: str, at: datetime, **more: Any) -> dict[str, Any]:
    """What every submission has."""
    return {
        "key": key.ljust(20, "0"), "user": visit.technician.pk, "order": visit.order.pk, "kind": kind,
        "device_at": at.isoformat(), "sent_device_at": at.isoformat(), "place": {"lat": -17.38, "lon": -66.16, "accuracy_m": 8},
    } | more  # fmt: skip


def report(visit: Visit, key: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A whole visit: two photographs and two papers signed."""
    moment = {"device_at": at.isoformat(), "place": {"lat": -17.38, "lon": -66.16}}
    services = [each.pk for each in visit.order.customer.subscriptions.all()]
    body = {
        "arrival": moment,
        "review": "Conector flojo",
        "tasks": [
            {
                "code": "cabling", "found": "Cable roto", "done": "Cable nuevo",
                "materials": [{"name": "Cable UTP", "quantity": "12,5", "unit": "m"}],
            }
        ],
        "services": [{"id": pk, "works": True, "note": ""} for pk in services],
        "photos": [{"kind": "before", "file": "foto-0", **moment}, {"kind": "after", "file": "foto-1", **moment}],
        "signatures": [
            {"paper": paper, "name": "Lucía Rojas", "ci": "4000001", "file": f"firma-{n}", **moment}
            for n, paper in enumerate(("service_sheet", "work_order"))
        ],
    }  # fmt: skip
    return submission(visit, "report", key, at, **body | more)
