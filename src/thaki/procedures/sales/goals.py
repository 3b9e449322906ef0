"""The metas of a month by product and executive, entered by the Jefe División Ventas (R-A5): a grid, its copy, its history.

An empty cell is no meta. Every change of a cell is kept with who made it and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.models import Goal, GoalChange
from thaki.records.offers.models import Plan
from thaki.reporting.months import first_day, previous

MOST = 100_000
Key = tuple[int | None, str]  # the executive's id (None: all of them), the product's code ("": all products)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid."""

    name: str  # of its input
    value: str  # as typed, or as kept
    error: str
    label: str  # for who cannot see the column's head


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the grid: an executive, or all of them."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The metas of a month as they are entered."""

    month_on: date
    products: tuple[tuple[str, str], ...]  # code and name
    rows: tuple[Row, ...]
    values: dict[Key, int | None]  # of what was posted; only if it is valid
    sums: tuple[int, ...]  # of the executives' metas, by product: to be held against that of all

    @property
    def is_valid(self) -> bool:
        """Whether every cell is empty or a number of sales."""
        return not any(cell.error for row in self.rows for cell in row.cells)


def grid(month_on: date, posted: Mapping[str, str] | None = None) -> Grid:
    """The grid of a month: what is kept, or what was posted with what is wrong about it."""
    products = (("", _("Todos los productos")), *((code, str(label)) for code, label in Plan.Kind.choices))
    kept = _kept(month_on)
    people: list[tuple[int | None, str]] = [(None, _("Todos los ejecutivos"))]
    people += [(seller.pk, str(seller)) for seller in sellers(kept)]
    values: dict[Key, int | None] = {}
    rows = []
    for who, label in people:
        cells = [_cell((who, code), f"{label}, {name}", kept, posted, values) for code, name in products]
        rows.append(Row(label, tuple(cells)))
    shown = values if posted is not None else dict[Key, int | None](kept)
    sums = tuple(sum(shown.get((who, code)) or 0 for who, _label in people[1:]) for code, _name in products)
    return Grid(month_on, tuple(products), tuple(rows), values, sums)


def _cell(
    key: Key, label: str, kept: Mapping[Key, int], posted: Mapping[str, str] | None, values: dict[Key, int | None]
) -> Cell:
    name = f"meta-{key[0] or 'todos'}-{key[1] or 'todos'}"
    if posted is None:
        return Cell(name, str(kept.get(key, "")), "", label)
    typed = posted.get(name, "").strip().replace(".", "")
    if not typed:
        values[key] = None
    elif typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST and len(typed) < 9:
        values[key] = int(typed)
    else:
        return Cell(name, posted[name], _("Escriba un número de ventas, de 1 a 100.000, o deje vacío."), label)
    return Cell(name, typed, "", label)


def _kept(month_on: date) -> dict[Key, int]:
    found = Goal.objects.filter(month_on=month_on).values_list("executive_id", "product_kind", "sales_count")
    return {(executive, product): count for executive, product, count in found}


def sellers(kept: Mapping[Key, int]) -> QuerySet[User]:
    """Who sells now, and who has a meta of the month though he does not any more."""
    active = Q(roles__contains=[Role.EJECUTIVO_VENTAS_DIGITALES.value], is_active=True)
    return User.objects.filter(active | Q(pk__in=[who for who, _product in kept if who])).order_by(
        "first_name", "last_name", "pk"
    )


# ---------------------------------------------------------------- changes
def save_goal(
    *, month: date, product_kind: str, executive: User | None, sales_count: int, by: User, now: datetime
) -> Goal:
    """Enter one meta, or replace the one of the same month, product and executive."""
    key = (executive.pk if executive else None, product_kind)
    save_goals(first_day(month), {key: sales_count}, by=by, now=now)
    return Goal.objects.get(month_on=first_day(month), product_kind=product_kind, executive=executive)


@transaction.atomic
def save_goals(month_on: date, values: Mapping[Key, int | None], *, by: User, now: datetime) -> int:
    """Keep the cells that differ from what is kept, each with its line in the history; how many did."""
    _lock(month_on)
    kept = _kept(month_on)
    changed = {key: value for key, value in values.items() if kept.get(key) != value}
    for (who, product), value in changed.items():
        if value is None:
            Goal.objects.filter(month_on=month_on, executive=who, product_kind=product).delete()
        else:
            Goal.objects.update_or_create(
                month_on=month_on,
                product_kind=product,
                executive_id=who,
                defaults={"sales_count": value, "entered_by": by, "entered_at": now},
            )
    GoalChange.objects.bulk_create(
        GoalChange(
            month_on=month_on,
            product_kind=product,
            executive_id=who,
            before=kept.get((who, product)),
            after=value,
            by=by,
            at=now,
        )
        for (who, product), value in changed.items()
    )
    return len(changed)


def _lock(month_on: date) -> None:
    """Two people who save the same month do so one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sales.goals {month_on:%Y-%m}"])


@transaction.atomic
def copy_last_month(month_on: date, *, by: User, now: datetime) -> int:
    """Fill the month's empty cells with the metas of the month before; those that are there stay. How many were filled."""
    kept, before = _kept(month_on), _kept(previous(month_on))
    still = set(
        User.objects.filter(pk__in=[who for who, _p in before if who], is_active=True).values_list("pk", flat=True)
    )
    wanted = {k: count for k, count in before.items() if k not in kept and (k[0] is None or k[0] in still)}
    return save_goals(month_on, wanted, by=by, now=now)


def history(month_on: date) -> QuerySet[GoalChange]:
    """The changes of a month's metas, the latest first."""
    return GoalChange.objects.filter(month_on=month_on).select_related("executive", "by").order_by("-at", "-pk")[:200]
