"""No page asks the database more than fifteen times, and no list asks more because it is longer.

Counted is what goes over the wire to PostgreSQL, prepared statements and those of the session included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg
import pytest
from bench._clone import Cloner
from bench._sales import Walker, everybody, plan
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from thaki.cases import queries, versions
from thaki.cases.models import Case, Task
from thaki.people.demo import ensure_people
from thaki.people.models import User
from thaki.records import demo as records

pytestmark = pytest.mark.django_db
MOST = 15
NO_QUESTION = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)
# Lists and other pages, each with somebody who uses it; {case} is a closed sale.
PAGES = (
    ("/", "ejecutivo1"),
    ("/?de=equipo", "ejecutivo1"),
    ("/?q=ma&atraso=1", "banco1"),
    ("/tablero/", "ejecutivo1"),
    ("/tablero/", "cobranzas1"),
    ("/tablero/", "jefeventas1"),
    ("/tablero/parte/team/", "ventas1"),
    ("/tablero/parte/indicator/", "jefeventas1"),
    ("/tablero/parte/times/", "procesos1"),
    ("/tablero/ventas/", "ventas1"),
    ("/tablero/hechas/?de=cargo", "cobranzas1"),
    ("/equipo/", "canales1"),
    ("/casos/", "ejecutivo1"),
    ("/casos/?q=GVD", "canales1"),
    ("/buscar/?q=ma", "ejecutivo1"),
    ("/buscar/?q=7123456", "ejecutivo1"),
    ("/buscar/", "ejecutivo1"),
    ("/paleta/?q=ma&desde=/casos/", "ejecutivo1"),
    ("/paleta/?desde=/casos/{case}/", "canales1"),
    ("/paleta/?q=ma&desde=/casos/{case}/", "canales1"),
    ("/clientes/", "ejecutivo1"),
    ("/clientes/?q=ma", "ejecutivo1"),
    ("/clientes/?deuda=1&segmento=vip&zona=Centro", "ventas1"),
    ("/incidentes/", "canales1"),
    ("/procedimientos/", "procesos1"),
    ("/procedimientos/sales/", "procesos1"),
    ("/procedimientos/sales/versiones/", "procesos1"),
    ("/procedimientos/sales/calor/", "procesos1"),
    ("/perfil/claves/", "ejecutivo1"),
    ("/api/", "ejecutivo1"),
    ("/avisos/", "admin1"),
    ("/ventas/prospectos/", "ejecutivo1"),
    ("/ventas/prospectos/?vista=lista", "ejecutivo1"),
    ("/ventas/prospectos/?hito=base", "canales1"),
    ("/ventas/prospectos/?hito=perdidos", "canales1"),
    ("/ventas/agenda/", "ejecutivo1"),
    ("/ventas/duplicados/", "ejecutivo1"),
    ("/importaciones/", "ejecutivo1"),
    ("/ventas/prospectos/nuevo/", "ejecutivo1"),
    ("/ventas/depositos/", "cobranzas1"),
    ("/ventas/depositos/validar/", "cobranzas1"),
    ("/ventas/depositos/cierre/", "cobranzas1"),
    ("/ventas/caja/", "cajero1"),
    ("/ventas/facturas/", "cajero1"),
    ("/ventas/caja/sin-entregar/", "cajero1"),
    ("/ventas/caja/dia/", "cajero1"),
    ("/ventas/control-recurrente/", "facturacion1"),
    ("/ventas/seguimiento/", "ventas1"),
    ("/ventas/no-atendidas/", "canales1"),
    ("/ventas/no-atendidas/mapa/", "canales1"),
    ("/ventas/no-atendidas/grafico/", "canales1"),
    ("/ventas/no-atendidas/reportes/", "canales1"),
    ("/ventas/informes/", "canales1"),
    ("/ventas/metas/", "jefeventas1"),
    ("/politicas/", "procesos1"),
    ("/personas/", "admin1"),
    ("/equipos/", "admin1"),
    ("/perfil/", "ejecutivo1"),
    ("/administracion/", "admin1"),
    ("/administracion/agencias/", "admin1"),
    ("/administracion/ausencias/", "canales1"),
    ("/administracion/calendario/", "procesos1"),
    ("/administracion/planes/", "jefeventas1"),
    ("/administracion/cuentas/", "cobranzas1"),
    ("/administracion/textos/", "procesos1"),
    ("/administracion/cambios/", "procesos1"),
    ("/administracion/cambios/?tema=factura", "admin1"),
    ("/administracion/textos/sales.mail.invoice/", "procesos1"),
    ("/casos/{case}/", "canales1"),
    ("/casos/{case}/historia/", "canales1"),
    ("/casos/{case}/documentos/", "canales1"),
    ("/casos/{case}/mensajes/", "canales1"),
    ("/casos/{case}/diagrama/", "canales1"),
    ("/casos/{case}/diagrama.json", "canales1"),
    ("/contratar/", ""),
    ("/contratar/cobertura/", ""),
    ("/cuenta/login/", ""),
)
LISTS = tuple(page for page in PAGES if page[1] and "{case}" not in page[0])


# ---------------------------------------------------------------- a small house with sales in it
@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """Ids of sales by how far they came ("closed", "9"); all of it is rolled back after the module."""
    from django.conf import settings

    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), transaction.atomic():
        versions.forget()
        versions.seed()
        ensure_people()
        records.build(now=timezone.now(), customers=60, lines=300, points=20)
        yield _sales()
        transaction.set_rollback(True)
    versions.forget()
    settings.DATA_DIR = before


def _sales() -> dict[str, int]:
    walker = Walker(everybody(1)[0], Random(7))
    ways = {"closed": plan(payment="prepaid_transfer"), "unserved": plan(end="unserved", lost_at="8")}
    ways |= {step: plan(step) for step in ("1", "7", "9", "16", "18", "19", "22")}
    ways |= {step: plan(step, payment="prepaid_transfer") for step in ("12", "16")}
    found = {}
    for name, way in ways.items():
        case = walker.open()
        for _done in walker.walk(case, way):
            pass
        found[name] = case.pk
    return found


@pytest.fixture
def sign_in(house: dict[str, int]) -> Callable[[str], Client]:
    """A browser in which somebody has signed in, or nobody ("")."""

    def signed_in(login: str) -> Client:
        client = Client()
        if login:
            person = User.objects.get(username=login)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements sent to PostgreSQL inside the block, whichever cursor sent them."""
    found: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        if not NO_QUESTION.match(text):
            found.append(text)
        return execute(self, query, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noted)
        yield found


def questions(client: Client, path: str) -> int:
    """How often a page asks, once the process knows what it keeps (versions, policies, templates)."""
    assert client.get(path).status_code == 200, path
    # What a process reads anew each second (policies, who listens) may fall into one request, not into the quickest of three.
    return min(_counted(client, path) for _ in range(3))


def _counted(client: Client, path: str) -> int:
    with asked() as found:
        client.get(path)
    return len(found)


def address(path: str, house: dict[str, int]) -> str:
    return path.format(case=Case.objects.get(pk=house["closed"]).number)


# ---------------------------------------------------------------- the tests
@pytest.mark.parametrize(("path", "login"), PAGES)
def test_no_page_asks_more_than_fifteen_times(
    path: str, login: str, house: dict[str, int], sign_in: Callable[[str], Client]
) -> None:
    assert questions(sign_in(login), address(path, house)) <= MOST


@pytest.mark.parametrize("payment", ["postpaid", "prepaid_transfer"])
def test_no_step_asks_more_than_fifteen_times(payment: str, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("banco1")
    walker = Walker(User.objects.get(username="banco1"), Random(8))
    case = walker.open()
    counts = {}
    steps = walker.walk(case, plan(payment=payment))
    while True:
        for task in Task.objects.filter(case=case, state="open"):
            counts[task.node] = questions(client, f"/tareas/{task.pk}/")
        if next(steps, None) is None:
            break
    assert len(counts) > 14
    assert {node: count for node, count in counts.items() if count > MOST} == {}


@pytest.mark.parametrize(("path", "login"), LISTS)
def test_no_list_asks_more_because_it_is_longer(
    path: str, login: str, house: dict[str, int], sign_in: Callable[[str], Client]
) -> None:
    client = sign_in(login)
    before = questions(client, path)
    copy(house, times=4)
    # One more: a list of nobody's rows need not ask who has them. What asks for each row asks four times as often.
    assert questions(client, path) <= before + 1


def copy(house: dict[str, int], *, times: int, which: tuple[str, ...] = ()) -> None:
    """More of the same sales, with every constraint of the database at work."""
    people = list(User.objects.filter(username__in=("ejecutivo1", "banco1")).values_list("pk", flat=True))
    cloner = Cloner(connection.connection, people, checked=True)
    cloner.copy([pk for name, pk in house.items() if not which or name in which], times, spread="90 days")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE cases_task, cases_case")


def test_worklists_read_their_partial_indexes_however_many_tasks_are_closed(house: dict[str, int]) -> None:
    copy(house, times=100, which=("closed",))
    copy(house, times=20, which=("1", "7", "9"))
    person = User.objects.get(username="ejecutivo1")
    now = timezone.now()
    mine, free = queries.mine(person, now=now)[:25], queries.available(person, now=now)[:25]
    assert "cases_task_by_person" in mine.explain()
    assert "cases_task_free" in free.explain()
    following = queries.next_task(person, now=now)
    assert following is not None
    assert following.pk == mine[0].pk
