"""A small COMTECO: its people, a network around one corner of Cochabamba, plans, and a sale that a test walks along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from thaki.cases import operations, runtime, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.records.network import operations as network
from thaki.records.network.models import AccessPoint, Line
from thaki.records.offers.models import Plan
from thaki.records.prospects import operations as prospects

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in Cochabamba
HOME = (-17.3800, -66.1600)  # inside both areas, 40 m from the fibre box
PEOPLE = {
    "ejecutivo1": "ejecutivo_ventas_digitales",
    "ejecutivo2": "ejecutivo_ventas_digitales",
    "helpdesk1": "agente_help_desk",
    "cobranzas1": "encargado_cobranzas",
    "cajero1": "cajero",
    "facturacion1": "division_facturacion",
    "canales1": "responsable_canales_digitales",
    "ventas1": "responsable_ventas_digitales",
    "jefeventas1": "jefe_division_ventas",
}


@pytest.fixture(autouse=True)
def files_of_their_own(settings: Any, tmp_path: Any) -> None:
    """Documents go to a folder of the test."""
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def fresh_versions(db: None) -> Iterator[None]:
    """The shipped procedures are in force; nothing parsed outlives the test's transaction."""
    versions.forget()
    versions.seed(NOW)
    yield
    versions.forget()


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One person a role, by login."""
    return {
        name: User.objects.create_user(
            username=name,
            first_name=name.rstrip("12").title(),
            last_name="Prueba",
            roles=[role],
            email=f"{name}@comteco.example",
        )
        for name, role in PEOPLE.items()
    }


@pytest.fixture
def plans(db: None) -> dict[str, Plan]:
    """Plans on sale, and one that no longer is."""
    rows = [
        ("FO60", "Hogar Fibra 60", "FO", "internet", 60, 189),
        ("FO100", "Hogar Fibra 100", "FO", "internet", 100, 249),
        ("FO300", "Hogar Fibra 300", "FO", "internet", 300, 449),
        ("HFC30", "Hogar Cable 30", "HFC", "internet", 30, 150),
        ("TV", "Televisión Básica", "TV", "tv", 0, 99),
    ]
    made = {
        code: _plan(code, name, technology, kind, down, tariff) for code, name, technology, kind, down, tariff in rows
    }
    made["OLD"] = _plan("OLD", "Plan de antes", "FO", "internet", 20, 90, valid_to_on=date(2026, 1, 31))
    return made


def _plan(code: str, name: str, technology: str, kind: str, down: int, tariff: int, **more: Any) -> Plan:
    return Plan.objects.create(
        code=code,
        name=name,
        technology=technology,
        kind=kind,
        down_mbps=down,
        up_mbps=down // 2,
        tariff_bob=Decimal(tariff),
        installation_bob=Decimal(150),
        valid_from_on=date(2025, 1, 1),
        **more,
    )


@pytest.fixture
def network_around(db: None) -> dict[str, Line]:
    """Fibre with free ports and a full HFC tap near HOME, and two measured neighbours."""
    ring = [[-66.20, -17.42], [-66.12, -17.42], [-66.12, -17.34], [-66.20, -17.34], [-66.20, -17.42]]
    square = {"type": "Polygon", "coordinates": [ring]}
    for technology, mbps in (("FO", 600), ("HFC", 100)):
        network.add_area(name="Norte", technology=technology, polygon=square, max_mbps=mbps, by=None, now=NOW)
    box = _point("FO-001", "FO", ports_total=16, ports_used=3, max_mbps=600)
    _point("HFC-001", "HFC", ports_total=8, ports_used=8, max_mbps=100)
    return {number: _line(number, box, offset) for number, offset in (("44280001", 1), ("44280002", 2))}


def _point(code: str, technology: str, **values: Any) -> AccessPoint:
    return AccessPoint.objects.create(
        code=code, technology=technology, zone="Queru Queru", lat=HOME[0] + 0.0004, lon=HOME[1], reach_m=400, **values
    )


def _line(number: str, box: AccessPoint, offset: int) -> Line:
    return Line.objects.create(
        number=number,
        access_point=box,
        technology="FO",
        address=f"Av. América {offset}00",
        zone="Queru Queru",
        lat=HOME[0] + 0.0002 * offset,
        lon=HOME[1],
        sync_down_mbps=Decimal(300),
        sync_up_mbps=Decimal(150),
        attenuation_db=Decimal(19),
        snr_db=Decimal(30),
        measured_at=NOW - timedelta(days=3),
    )


LEAD = {
    "channel": "web",
    "name": "María Elena Rojas Vargas",
    "phone": "71234567",
    "email": "maria@example.bo",
    "interest": "Internet",
    "address": "Av. América E-0451",
    "zone": "Queru Queru",
    "lat": HOME[0],
    "lon": HOME[1],
}
# The answers that take a residential sale from 1 to 8, with nothing typed that is known already.
ANSWERS: dict[int, dict[str, Any]] = {
    1: {"channel": "call"},
    2: {"category": "residential"},
    3: {"ci_number": "4567890", "ci_department": "CB", "phone_is_whatsapp": "on"},
    4: {"use_type": "streaming", "browsing_hours": "night", "wanted_kind": "internet", "wanted_mbps": "100"},
    5: {},
    6: {"reference_numbers": ["44280001"]},
    7: {"capacity": "yes", "technology": "FO", "max_mbps": "300"},
    8: {"offer": "accepted", "plan": "FO100"},
}


class Walk:
    """A sale's case and a clock; `done` answers the open task of a step."""

    def __init__(self, case: Case, people: dict[str, User]) -> None:
        self.case = case
        self.people = people
        self.now = NOW

    @property
    def sale(self) -> Sale:
        """The sale as it is now."""
        return Sale.objects.get(pk=self.case.pk)

    @property
    def open_steps(self) -> list[str]:
        """The signed steps that wait."""
        tasks = Task.objects.filter(case=self.case, state="open").order_by("pk")
        return list(tasks.values_list("step", flat=True))

    def task(self, step: int) -> Task:
        """The open task of a step."""
        return Task.objects.get(case=self.case, step=str(step), state="open")

    def who(self, task: Task) -> User:
        """Whoever has the task, else the first of its role."""
        if task.assignee_id is not None:
            return User.objects.get(pk=task.assignee_id)
        return next(person for name, person in self.people.items() if PEOPLE[name] == task.role)

    def done(self, step: int, answer: dict[str, Any] | None = None, **more: Any) -> runtime.Delivered:
        """Answer a step: as in ANSWERS, but for what is given."""
        task = self.task(step)
        data = ANSWERS.get(step, {}) | more if answer is None else answer
        return operations.complete(task.pk, by=self.who(task), now=self.now, data=data)

    def to(self, step: int) -> Walk:
        """Walk on until the step waits."""
        while str(step) not in self.open_steps:
            self.done(int(self.open_steps[0]))
        return self

    def act(self, code: str, by: str = "ejecutivo1", **data: Any) -> None:
        """Do an action beside the steps."""
        operations.perform(self.case.pk, code, by=self.people[by], now=self.now, data=data)

    def wait(self, **span: float) -> Walk:
        """Let time pass."""
        self.now += timedelta(**span)
        return self

    def send_back(self, step: int, to: str, reason: str = "Corregir") -> None:
        """Send a step back."""
        task = self.task(step)
        operations.send_back(task.pk, to, reason, by=self.who(task), now=self.now)


@pytest.fixture
def walk(people: dict[str, User], network_around: dict[str, Line], plans: dict[str, Plan]) -> Walk:
    """A sale that has just begun, from the public form."""
    return _start(people, LEAD)


@pytest.fixture
def walk_of(people: dict[str, User], network_around: dict[str, Line], plans: dict[str, Plan]) -> Callable[..., Walk]:
    """Begins sales of other prospects: `walk_of(name=…, phone=…)`."""
    return lambda **lead: _start(people, LEAD | lead)


def _start(people: dict[str, User], lead: dict[str, Any]) -> Walk:
    prospect, _new = prospects.receive(by=None, now=NOW, **lead)
    return Walk(runtime.start("sales", {"prospect": prospect.pk}, by=None, now=NOW), people)
