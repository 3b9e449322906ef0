"""A small house with something on every page: each step waiting for its person, each kind of record, each thing gone wrong.

Made by the demonstration's own walkers and by the operations behind the screens, so that what is shown is true.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from tests.acceptance.page_table import KEYED, SECURED

from thaki.api import tokens
from thaki.api.models import Event, Subscription
from thaki.cases import drafts, operations, rollups, runtime, versions
from thaki.cases.models import Case, Incident, Task
from thaki.channels.website import links
from thaki.integrations.credit_bureau import demo as risks
from thaki.people import operations as people
from thaki.people.demo import ensure_people
from thaki.people.models import User
from thaki.procedures.sales.demo import closings, control, drive, months, plan
from thaki.procedures.sales.reports import unserved
from thaki.records import care_demo
from thaki.records import demo as records
from thaki.records.customers.models import Subscription as Service
from thaki.records.orders.models import ProductOrder
from thaki.records.prospects import duplicates
from thaki.records.prospects import operations as prospects
from thaki.records.prospects.models import Likeness
from thaki.records.work_orders import operations as work_orders
from thaki.records.work_orders.models import Submission
from thaki.reporting.imports import jobs, kinds
from thaki.reporting.imports import operations as imports
from thaki.reporting.imports.models import Import
from thaki.reporting.months import month_of

SEED = 20260101
LEADS = "nombre;celular;correo\nRosa Alba Vaca;71700001;rosa@correo.example\nSin Teléfono;;\nLuis Prado;7170;\n"


def furnish(now: datetime) -> None:
    """All of it, in a database that has its tables and nothing else."""
    versions.seed()
    ensure_people()
    records.build(now=now, customers=60, lines=300, points=20)
    care_demo.build(now=now, claims=40)
    risks.build(now=now)
    drive.Driver(until=drive.last_office_moment(now), seed=SEED).run(_one_of_each())
    months.build()
    unserved.make(now=now)
    runtime.start("sales_report", {"month": month_of(now).isoformat()}, by=None, now=now)
    closings.build()
    control.build()
    _retention(now)
    _hands(now)
    _leads(now)
    _files(now)
    _systems(now)
    _gone_wrong(now)
    rollups.roll(now=now, most=400)


def _one_of_each() -> list[plan.CasePlan]:
    """A sale waiting at each step, and one for each way to end."""
    chosen = {each.stop_at or each.end: each for each in plan.plans(Random(SEED))}
    more = [
        plan.CasePlan(stop_at, end, "", payment, existing=False, age=timedelta(days=30))
        for stop_at, end, payment in (
            ("11", "closed", "prepaid_web"),
            ("12", "closed", "prepaid_transfer"),
            ("17", "closed", "prepaid_transfer"),
            ("refund", "annulled", "prepaid_transfer"),
        )
    ]
    return sorted([*chosen.values(), *more], key=lambda each: -each.age)


def _retention(now: datetime) -> None:
    """Customers who want to leave, an order of 24 hours, a visit sent twice, and the month's evaluation."""
    adviser, technician = User.objects.filter(username__in=("asesor1", "tecnico1")).order_by("pk")
    services = Service.objects.filter(status="active").select_related("customer").order_by("customer_id", "pk")
    service = services[0]
    case = operations.start_case("retention", {"customer": service.customer_id}, by=adviser, now=now)
    order = work_orders.issue(
        key="small", case_ref=case.number, customer=service.customer, subscription=service,
        observations="CLIENTE EN RETENCIÓN", by=adviser, now=now,
    )  # fmt: skip
    Submission.objects.create(
        key="twice", order=order, user=technician, received_at=now, kind="finish", payload_hash="0" * 64,
        outcome=Submission.Outcome.CONFLICT, conflict={"message": "La visita ya terminó."},
    )  # fmt: skip
    runtime.start("retention_evaluation", {"month": month_of(now).isoformat()}, by=None, now=now)


def _hands(now: datetime) -> None:
    """Each open task is somebody's of its role; somebody has begun to type, somebody is absent."""
    for task in Task.objects.filter(state=Task.State.OPEN).select_related("assignee"):
        person = User.objects.filter(roles__contains=[task.role]).earliest("pk")
        if task.assignee is None:
            operations.claim(task.pk, by=person, now=now)
        elif task.assignee != person:
            operations.hand_over(task.pk, to=person, by=task.assignee, now=now)
        if task.node == "Step_4":
            drafts.keep(task.pk, {"use": "work"}, by=person, now=now)
    seller, other = User.objects.filter(username__in=("ejecutivo2", "ejecutivo3")).order_by("pk")
    today = timezone.localdate(now)
    people.record_absence(user=seller, from_on=today, to_on=today + timedelta(days=3), substitute=other, by=seller)


def _leads(now: datetime) -> None:
    """New prospects whom nobody has taken: they may be one person, and two of them were made one."""
    made = [
        prospects.receive(by=None, now=now, channel="web", name=name, phone=phone, email="", address="Av. América 10")[
            0
        ]
        for name, phone in (("Inés Rojas Paz", "71755501"), ("Ines Rojas", "71755501"), ("I. Rojas Paz", "71755501"))
    ]
    duplicates.compare_new([each.pk for each in made], now=now)
    for each in made:
        runtime.start("sales", {"prospect": each.pk}, by=None, now=now)
    pair = Likeness.objects.order_by("pk").first()
    seller = User.objects.get(username="ejecutivo1")
    if pair is not None:
        duplicates.merge(pair.one_id, pair.other_id, by=seller, now=now)


def _files(now: datetime) -> None:
    """Imports: one whose columns are being named, one that was entered with refused rows, one of T.I.'s report."""
    leads, orders = kinds.kind_of("prospects"), kinds.kind_of("ti-orders")
    assert leads and orders
    seller, chief = User.objects.get(username="canales1"), User.objects.get(username="ventas1")
    imports.receive(leads, LEADS.encode(), name="borrador.csv", by=seller, now=now)
    entered = imports.receive(leads, LEADS.encode() + b"\n", name="ferias.csv", by=seller, now=now)
    imports.start(entered.pk, leads, by=seller, now=now)
    jobs.run_import(entered.pk)
    numbers = ProductOrder.objects.order_by("-pk").values_list("number", flat=True)[:3]
    report = "orden;estado;fecha;motivo\n" + "".join(f"{number};ANULADA;;No contesta\n" for number in numbers)
    imports.receive(orders, f"{report}ORD-0;ATENDIDO;;\n".encode(), name="ti.csv", by=chief, now=now)
    assert Import.objects.count() == 3


def _systems(now: datetime) -> None:
    """Tokens, a passkey, a system that is told of events, and a mail that the demo caught."""
    secured, keyed = (User.objects.get(username=login) for login in (SECURED, KEYED))
    Authenticator.objects.create(user=secured, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=secured, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    Authenticator.objects.create(user=keyed, type="webauthn", data={"name": "Celular"})
    seller = User.objects.get(username="ejecutivo1")
    tokens.make(user=seller, name="Planilla", scopes=["cases:read"], days=30, now=now)
    Subscription.objects.create(
        name="Central", url="https://central.example/avisos", events=[Event.values[0]], secret="s" * 40,
        created_at=now, failing_since=now - timedelta(hours=2), last_error="503",
    )  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ventas@comteco.example", "rosa@correo.example", "Carta Comercial"
    mail.set_content("Le enviamos la Carta Comercial.\n\nhttp://localhost/mi-solicitud/1-x/")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="carta.pdf")
    settings.MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
    (settings.MAIL_FOLDER / f"{int(now.timestamp() * 1e9)}.eml").write_bytes(bytes(mail))


def _gone_wrong(now: datetime) -> None:
    """An incident, a paused case, and a link of each open case for its customer."""
    opened = Case.objects.filter(procedure="sales", state=Case.State.OPEN).order_by("pk")
    for case in opened:
        links.issue(case, now=now)
    waiting = opened.filter(tasks__node="Step_9", tasks__state=Task.State.OPEN).first() or opened[0]
    Incident.objects.create(
        case=waiting, kind=Incident.Kind.EFFECT, effect=waiting.effects.first(), node="Step_8",
        role="ejecutivo_ventas_digitales", error="smtp: 550 no such user", opened_at=now,
    )  # fmt: skip
    chief = User.objects.get(username="canales1")
    stalled = opened.filter(tasks__node="Step_2", tasks__state=Task.State.OPEN).first()
    if stalled is not None:
        operations.suspend(stalled.pk, reason="El cliente viaja.", by=chief, now=now)
