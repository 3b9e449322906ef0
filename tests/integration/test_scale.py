"""What people open all day reads as few rows among 5,000 cases that ended as among 200: the archive costs nothing.

Counted are rows and index entries that PostgreSQL touched, not time: an index that is lost, a condition that no index answers, or
a query a row shows at once and on any machine. `thaki bench scale` measures the same in milliseconds at a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import pytest
from bench._clone import Cloner
from bench._sales import Walker, everybody, plan
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from thaki.cases import versions
from thaki.cases.models import Case, Task
from thaki.people.demo import ensure_people
from thaki.people.models import User
from thaki.procedures.sales.demo.plan import CasePlan
from thaki.procedures.sales.models import Sale
from thaki.records import demo as records
from thaki.web import finding

pytestmark = pytest.mark.django_db
ARCHIVE = 2_400  # copies of each ended template, beside the 200 cases that are there
MORE = 600  # rows: whatever reads the archive reads a row of each of its cases at least
SELLER, HEAD = "banco1", "ventas1"
PAGES = {
    "worklist": (SELLER, "/"),
    "worklist, searched": (SELLER, "/?q=rojas"),
    "case page": (SELLER, "/casos/{open}/"),
    "list of cases": (SELLER, "/casos/"),
    "search by a rare name": (SELLER, "/buscar/?q=urquidi+zenobia"),
    "search for nobody": (SELLER, "/buscar/?q=zzyzx"),
    "search by telephone": (SELLER, "/buscar/?q={phone}"),
    "search by carnet": (SELLER, "/buscar/?q={card}"),
    "search by number": (SELLER, "/buscar/?q={open}"),
    "list of cases, searched": (SELLER, "/casos/?q={phone}"),
    "board of prospects": (SELLER, "/ventas/prospectos/"),
    "everybody's prospects": (HEAD, "/ventas/prospectos/"),
    "board of orders": (HEAD, "/ventas/seguimiento/"),
    "list of unserved": ("canales1", "/ventas/no-atendidas/"),
    "the team's work": (HEAD, "/equipo/"),
}
# Each of these, were it lost, would be noticed on that page.
INDEXES = {
    "cases_case_search": "search for nobody",
    "sales_sale_live": "board of orders",
    "sales_unserved_open": "list of unserved",
    "cases_case_recent": "list of cases",
}


@dataclass(frozen=True, slots=True)
class Touched:
    """What a page cost the database."""

    rows: int
    by_table: dict[str, int]


@dataclass(slots=True)
class House:
    """Two hundred cases, and what was read among them; then the archive came."""

    words: dict[str, str]  # of the addresses
    before: dict[str, Touched]
    step_before: Touched


# ---------------------------------------------------------------- counting
_TOUCHED = """SELECT c.relname, pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')"""


def _counters() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return dict(cursor.fetchall())


def touched(do: Callable[[], object]) -> Touched:
    """The rows that PostgreSQL touched while something was done."""
    before = _counters()
    do()
    after = _counters()
    by_table = {name: n - before.get(name, 0) for name, n in after.items() if n > before.get(name, 0)}
    return Touched(sum(by_table.values()), by_table)


def opened(name: str, words: dict[str, str]) -> Touched:
    """What a page touches, once the process knows what it keeps."""
    login, path = PAGES[name]
    client = signed_in(login)
    address = path.format(**words)
    assert client.get(address).status_code in (200, 302), address
    return min((touched(lambda: client.get(address)) for _ in range(2)), key=lambda one: one.rows)


def stepped() -> Touched:
    """What completing step 2 touches."""
    task = Task.objects.filter(node="Step_2", state="open", assignee__username=SELLER).order_by("pk").first()
    assert task is not None
    client = signed_in(SELLER)
    answers: list[int] = []
    found = touched(lambda: answers.append(client.post(f"/tareas/{task.pk}/", {"category": "residential"}).status_code))
    assert answers == [302]
    return found


def signed_in(login: str) -> Client:
    client = Client()
    person = User.objects.get(username=login)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


# ---------------------------------------------------------------- the house
@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Measured with 200 cases, then with 5,000; all of it is rolled back after the module."""
    from django.conf import settings

    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("data")
    window, finding.WINDOW = finding.WINDOW, 100
    with django_db_blocker.unblock(), transaction.atomic():
        versions.forget()
        versions.seed()
        ensure_people()
        records.build(now=timezone.now(), customers=60, lines=300, points=20)
        yield _made()
        transaction.set_rollback(True)
    versions.forget()
    settings.DATA_DIR, finding.WINDOW = before, window


def _made() -> House:
    seller = everybody(1)[0]
    walker = Walker(seller, Random(7))
    ended = [_walked(walker, plan(payment="postpaid")), _walked(walker, plan(end="unserved", lost_at="8"))]
    still = [_walked(walker, plan(step)) for step in ("1", "2", "9", "24", "25")]
    still.append(_walked(walker, plan("19", lost_at="8")))
    people = list(User.objects.filter(username__in=("ejecutivo1", "ejecutivo2", SELLER)).values_list("pk", flat=True))
    cloner = Cloner(connection.connection, people)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # As at a million: nothing is read whole where an index has the rows, be it to sort or to join, and nobody helps.
        for name in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{name} = off")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    # With the indexes in place: one that is made inside a transaction is not used by it.
    cloner.copy(still, 24, spread="20 days", first=4_000)
    cloner.copy(ended, 25, spread="50 days", first=3_000)
    _settled()
    words = _words(ended[0], still[2])
    found = House(words, {name: opened(name, words) for name in PAGES}, stepped())
    with _as_replica():
        cloner.copy(ended, ARCHIVE, since="100 days", spread="1500 days")
    _settled()
    return found


def _walked(walker: Walker, way: CasePlan) -> int:
    case = walker.open()
    for _done in walker.walk(case, way):
        pass
    return case.pk


@contextmanager
def _as_replica() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def _settled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        # What autovacuum does: entries that wait beside an index go into it, and the planner learns what is there.
        cursor.execute(
            """SELECT gin_clean_pending_list(c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam
            WHERE a.amname = 'gin' AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'"""
        )
        cursor.execute("ANALYZE")


def _words(ended: int, still: int) -> dict[str, str]:
    sale = Sale.objects.select_related("prospect", "customer").get(pk=ended)
    assert sale.customer is not None
    return {"open": Case.objects.get(pk=still).number, "phone": sale.prospect.phone, "card": sale.customer.ci_number}


# ---------------------------------------------------------------- the tests
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_no_more_because_more_cases_have_ended(name: str, house: House) -> None:
    small, large = house.before[name], opened(name, house.words)
    assert large.rows < small.rows + MORE, large.by_table


def test_a_step_reads_no_more_because_more_cases_have_ended(house: House) -> None:
    large = stepped()
    assert large.rows < house.step_before.rows + MORE, large.by_table


@pytest.mark.parametrize(("index", "name"), INDEXES.items())
def test_an_index_that_is_lost_is_noticed(index: str, name: str, house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    assert opened(name, house.words).rows > house.before[name].rows + MORE
