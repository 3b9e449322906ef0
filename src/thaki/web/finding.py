"""Finding a case or a customer from anywhere: name (any order, no accents), telephone, identity card, or any number in parts.

Theory of operation. What is typed is read as everything that it may be (`web.meaning`); every reading asks an index, and every
answer is cut short, so a search costs the same after ten years.

- *Signs* (telephones, cards, slips, numbers) are one statement: a probe of one index each (sql/signs.sql).
- *Names* are trigrams under GIN. A name that very many have ("maría") would fetch them all to sort them, and the planner's guess
  about such arrays is sometimes wrong by orders of magnitude either way. So it is not asked to guess: the newest rows are looked
  through first (`WINDOW`), where what is common is found at once; only what is too rare to fill a page there goes to the GIN
  index, which then has little to fetch.

Nothing is shown that the person may not open: cases by the procedures in which he has a part, customers by post.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from thaki.cases import permissions
from thaki.cases.models import Case, ProcedureVersion, Task
from thaki.cases.registry import ProcedureApp, procedure_apps
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.records.customers import queries as customer_queries
from thaki.records.customers.models import Customer
from thaki.records.customers.readers import may_see_customers
from thaki.web.meaning import Meant, meant

if TYPE_CHECKING:
    from datetime import datetime

LIMIT = 12  # of each group
WINDOW = 3_000  # the newest rows, looked through before the index is asked
_SQL = Path(__file__).parent / "sql"
_SIGNS, _NEWEST, _ALL_CASES, _ALL_CUSTOMERS = (
    (_SQL / f"{name}.sql").read_text() for name in ("signs", "names_newest", "names_cases", "names_customers")
)
NOTHING = "\x01"  # matches no number, and as a pattern no telephone
# What a case was found by, where it is not its own number or its customer's name.
PAPERS = ("order", "contract", "slip", "invoice", "letter")


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case, and the sign that it was found by."""

    case: Case
    sale: Sale | None
    kind: str = ""  # "" by name, else "case", "prospect" or one of PAPERS
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search box brings, in groups."""

    customers: tuple[Customer, ...] = ()
    prospects: tuple[FoundCase, ...] = ()  # sales of those who are no customers yet
    cases: tuple[FoundCase, ...] = ()
    papers: tuple[FoundCase, ...] = ()
    more: bool = False  # there are more than are shown

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.customers or self.prospects or self.cases or self.papers)

    @property
    def exact(self) -> Case | None:
        """The case that was named by its number and is the only thing found."""
        only = len(self.cases) == 1 and not (self.customers or self.prospects or self.papers)
        return self.cases[0].case if only and self.cases[0].kind == "case" else None


@dataclass(slots=True)
class _Ids:
    """What was found, before it is read: ids in order, each with (kind, sign) of its first finding."""

    customers: dict[int, str] = field(default_factory=dict)
    cases: dict[int, tuple[str, str]] = field(default_factory=dict)


def find(text: str, user: User, *, limit: int = LIMIT) -> Found:
    """The customers, prospects, cases and papers that a person means, as far as he may open them."""
    seen = [app.code for app in visible_procedures(user)]
    said = meant(text, [app.prefix for app in procedure_apps()], timezone.localdate().year)
    registered = may_see_customers(user)
    if not (seen or registered):
        return Found()
    ids = _Ids()
    if said.has_signs:
        _by_signs(said, seen, ids, registered)
    if said.case_words:
        _by_name(said, seen, ids, limit, registered)
    if seen and ids.customers:
        _cases_of(list(ids.customers)[:limit], ids, limit)
    return _read(ids, seen, limit, registered)


# ---------------------------------------------------------------------- ids
def _by_signs(said: Meant, seen: list[str], ids: _Ids, registered: bool) -> None:
    first, second = (*(f"{digits}%" for digits in said.phones), NOTHING, NOTHING)[:2]
    values = {
        "numbers": list(said.numbers),
        "phones": list(said.phones),
        "phone_1": first,
        "phone_2": second,
        "card": said.card or NOTHING,
        "complement": said.complement,
        "tax_id": said.tax_id or NOTHING,
        "email": said.email or NOTHING,
        "slip": f"{said.slip}%" if said.slip else NOTHING,
        "procedures": seen,
    }
    for kind, key, sign in _rows(_SIGNS, values):
        if kind != "customer":
            ids.cases.setdefault(key, (kind, sign))
        elif registered:
            ids.customers.setdefault(key, sign)


def _by_name(
    said: Meant, seen: list[str], ids: _Ids, limit: int, registered: bool, narrowed: Narrowed | None = None
) -> None:
    values: dict[str, Any] = {
        "cases": list(said.case_words),
        "names": list(said.name_words),
        "words": [f"% {word}%" for word in said.words],
        "procedures": seen,
        "registered": registered,
        "window": WINDOW,
        "limit": limit + 1,
        "state": narrowed.state if narrowed else "",
        "node": narrowed.node if narrowed else "",
        "owner": narrowed.owner if narrowed else 0,
    }
    found: dict[str, list[tuple[datetime | None, int]]] = {"case": [], "customer": []}
    for kind, key, at in _rows(_NEWEST, values):
        found[kind].append((at, key))
    by_kind = {kind: [key for _at, key in sorted(rows, reverse=True)] for kind, rows in found.items()}
    if seen and len(by_kind["case"]) <= limit:
        by_kind["case"] = [key for _kind, key in _rows(_ALL_CASES, values)]
    if registered and len(by_kind["customer"]) <= limit:
        by_kind["customer"] = [key for _kind, key in _rows(_ALL_CUSTOMERS, values)]
    for key in by_kind["case"]:
        ids.cases.setdefault(key, ("", ""))
    for key in by_kind["customer"]:
        ids.customers.setdefault(key, "")


def _cases_of(customers: list[int], ids: _Ids, limit: int) -> None:
    """The newest sales of the customers found, also of those who were found by name: their cases bear the same."""
    for key in Sale.objects.filter(customer__in=customers).order_by("-pk").values_list("pk", flat=True)[: limit + 1]:
        ids.cases.setdefault(key, ("", ""))


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# ---------------------------------------------------------------------- what they are
def _read(ids: _Ids, seen: Sequence[str], limit: int, registered: bool) -> Found:
    most = limit * 3
    chosen = dict(list(ids.cases.items())[:most])
    rows = Case.objects.filter(pk__in=chosen, procedure__in=seen, is_rehearsal=False).defer("search", "marking")
    cases = list(with_standing(rows.select_related("owner"))) if chosen else []
    sales = _sales(chosen) if cases else {}
    place = {key: at for at, key in enumerate(chosen)}
    cases.sort(key=lambda case: (chosen[case.pk][0] == "", not case.is_open, place[case.pk]))
    all_found = [FoundCase(case, sales.get(case.pk), *chosen[case.pk]) for case in cases]
    papers = [each for each in all_found if each.kind in PAPERS]
    plain = [each for each in all_found if each.kind not in PAPERS]
    prospects = [each for each in plain if each.sale is not None and each.sale.customer_id is None]
    others = [each for each in plain if each.sale is None or each.sale.customer_id is not None]
    customers = customer_queries.listed(list(ids.customers)[: limit + 1]) if registered and ids.customers else []
    groups: tuple[Sequence[object], ...] = (customers, prospects, others, papers)
    return Found(
        tuple(customers[:limit]),
        tuple(prospects[:limit]),
        tuple(others[:limit]),
        tuple(papers[:limit]),
        more=any(len(group) > limit for group in groups),
    )


def _sales(case_ids: Iterable[int]) -> dict[int, Sale]:
    fields = ("customer", "prospect__name", "prospect__phone", "prospect__channel", "prospect__received_at")
    rows = Sale.objects.filter(pk__in=list(case_ids)).select_related("prospect").only(*fields)
    return {sale.pk: sale for sale in rows}


# ---------------------------------------------------------------------- lists of cases
@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of cases asks for beside the text; empty narrows nothing."""

    procedure: str
    state: str = ""
    node: str = ""  # an open task stands there
    owner: int = 0


def case_ids(text: str, user: User, narrowed: Narrowed, *, most: int) -> list[int]:
    """The cases that the text means, as `find` would find them: those with a sign, and the newest so many by name."""
    said = meant(text, [app.prefix for app in procedure_apps()], timezone.localdate().year)
    ids = _Ids()
    if said.has_signs:
        _by_signs(said, [narrowed.procedure], ids, registered=may_see_customers(user))
    if said.case_words:
        _by_name(said, [narrowed.procedure], ids, most, registered=False, narrowed=narrowed)
    if ids.customers:
        _cases_of(list(ids.customers)[:LIMIT], ids, most)
    return list(ids.cases)


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with the open tasks where they stand, as `standing`; one more query for a whole page."""
    tasks = Task.objects.filter(state=Task.State.OPEN).order_by("pk")
    return cases.prefetch_related(Prefetch("tasks", queryset=tasks, to_attr="standing"))


def visible_procedures(user: User) -> list[ProcedureApp]:
    """The procedures whose cases the person may see: one query, once a person object (one request)."""
    known: list[ProcedureApp] | None = getattr(user, "_visible_procedures", None)
    if known is None:
        rows = ProcedureVersion.objects.filter(state=ProcedureVersion.State.PUBLISHED).values_list("code", "pk")
        in_force = dict(rows)
        known = [app for app in procedure_apps() if app.code in in_force and _sees(user, app.code, in_force[app.code])]
        user._visible_procedures = known  # type: ignore[attr-defined]  # a memory for this request only
    return known


def _sees(user: User, code: str, version_id: int) -> bool:
    return permissions.can_see_case(user, Case(procedure=code, version_id=version_id))
