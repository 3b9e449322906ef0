"""The T.I. report of step 25 as an import: order by order what would change, and then the changes (R-A4).

An attended order ends its sale by completing step 25, as a person would; an annulled one waits there for the decision between 20
and closing for good, which stays a person's. Each row is a transaction of its own: one touches one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.cases import operations as cases
from thaki.cases import runtime
from thaki.cases.models import Case, Task
from thaki.cases.permissions import NotAllowed
from thaki.cases.policies import NotNow
from thaki.people.roles import Role
from thaki.procedures.sales.models import FollowUp
from thaki.procedures.sales.ti_report import REFUSED, Change, difference, parse_state
from thaki.records.orders import operations as orders
from thaki.records.orders.models import ProductOrder
from thaki.records.reasons import RuleError
from thaki.reporting import imports
from thaki.reporting.imports import values as read
from thaki.reporting.months import LA_PAZ

CODE = "ti-orders"
STEP = "Step_25"
STATES = dict(ProductOrder.State.choices)


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the report."""

    number: str
    state: str
    on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A row beside what is known of its order."""

    row: int  # line of the file
    told: Told
    change: Change
    order: ProductOrder | None
    case: str  # the case's number, "" without one
    task: int | None  # the open step 25


# ---------------------------------------------------------------- reading
def validate(values: dict[str, str], options: Mapping[str, str]) -> Told:
    """A row as texts; refuses a state that nobody knows and a day that is none or yet to come."""
    number = read.required(values["order"], on="order").strip().upper()
    state = parse_state(read.required(values["state"], on="state"))
    if not state:
        raise imports.RowErrors({"state": _("No se conoce ese estado: «%(text)s».") % {"text": values["state"][:40]}})
    on = read.day(values["on"], on="on") if values["on"] else None
    if on and on > timezone.localdate():
        raise imports.RowErrors({"on": _("La fecha todavía no llegó.")})
    return Told(number, state, on, values["reason"].strip()[:160])


def differences(rows: Iterable[imports.Row]) -> list[Difference]:
    """What each row would change, by a few questions for all of them."""
    found = list(rows)
    numbers = {row.values.number for row in found}
    known = {
        order.number: order for order in ProductOrder.objects.filter(number__in=numbers).select_related("customer")
    }
    cases_of = {order.case_ref for order in known.values()}
    waiting = Task.objects.filter(case__number__in=cases_of, node=STEP, state=Task.State.OPEN)
    tasks = dict(waiting.values_list("case__number", "pk"))
    return [_difference(row, known.get(row.values.number), tasks) for row in found]


def _difference(row: imports.Row, order: ProductOrder | None, tasks: Mapping[str, int]) -> Difference:
    told: Told = row.values
    if order is None:
        return Difference(row.number, told, Change.MISSING, None, "", None)
    task = tasks.get(order.case_ref)
    change = difference(order.state, told.state, at_follow_up=task is not None)
    return Difference(row.number, told, change, order, order.case_ref, task)


def words(found: Difference) -> str:
    """What a row would do, in words."""
    if found.order is None:
        return _("No hay ninguna orden %(number)s.") % {"number": found.told.number}
    now = str(STATES[found.order.state])
    return {
        Change.SAME: _("Sin cambio: ya está %(now)s."),
        Change.STARTS: _("De %(now)s a En ejecución."),
        Change.CLOSES: _("De %(now)s a ATENDIDO/CERRADA: se cierra la venta %(case)s."),
        Change.COMPLETES: _("De %(now)s a ATENDIDO/CERRADA; la venta %(case)s todavía no llegó al paso 25."),
        Change.ANNULS: _("De %(now)s a Anulada: %(case)s espera la decisión del paso 25."),
        Change.BACKWARDS: _("Está %(now)s y no puede volver atrás."),
    }[found.change] % {"now": now, "case": found.case}


def foresee(rows: Sequence[imports.Row], batch: imports.Batch) -> list[str]:
    """For the preview."""
    return [words(found) for found in differences(rows)]


# ---------------------------------------------------------------- applying
def apply(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Enter the rows, one by one."""
    return [_apply(found, batch) for found in differences(rows)]


def _apply(found: Difference, batch: imports.Batch) -> imports.Outcome:
    if found.change in REFUSED:
        return imports.Outcome(refused=words(found))
    if found.change is Change.SAME or found.order is None:
        return imports.Outcome()
    try:
        with transaction.atomic():
            _change(found, found.order, batch)
    except runtime.AnswerInvalid as refused:
        return imports.Outcome(refused=" ".join(str(e) for errors in refused.form.errors.values() for e in errors))
    except (RuleError, NotNow, NotAllowed) as refused:
        return imports.Outcome(refused=str(refused))
    return imports.Outcome(note="" if found.change in (Change.CLOSES, Change.STARTS) else words(found))


def _change(found: Difference, order: ProductOrder, batch: imports.Batch) -> None:
    """The case first, then its order (the order of locks)."""
    case_id = Case.objects.filter(number=found.case).values_list("pk", flat=True).first()
    if case_id is not None:
        cases.note(
            case_id, by=batch.by, now=batch.now, ti_report=batch.import_id, order=order.number, state=found.told.state
        )
    at = _instant(found.told.on, order, batch.now)
    if found.change is Change.CLOSES and found.task is not None:
        cases.complete(found.task, by=batch.by, now=batch.now, data={"result": FollowUp.ATTENDED.value})
    elif found.change is Change.COMPLETES:
        orders.complete_order(order.pk, by=batch.by, now=at)
    elif found.change is Change.ANNULS:
        orders.annul_order(
            order.pk, reason=found.told.reason or _("Anulada según el informe de T.I."), by=batch.by, now=at
        )
    else:
        orders.start_order(order.pk, by=batch.by, now=at)


def _instant(on: date | None, order: ProductOrder, now: datetime) -> datetime:
    """The end of the day that the report names, never before the order nor after now: annulments count in their month."""
    if on is None or on == timezone.localdate(now):
        return now
    end = datetime(on.year, on.month, on.day, 23, 59, tzinfo=LA_PAZ)
    return min(max(end, order.placed_at + timedelta(seconds=1)), now)


def register() -> None:
    """Make the kind of file known; called when Django is ready."""
    imports.register(
        imports.ImportKind(
            code=CODE,
            title=gettext_lazy("Informe de T.I. de órdenes"),
            roles=frozenset({Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES}),
            fields=(
                imports.Field(
                    "order",
                    gettext_lazy("Orden"),
                    required=True,
                    aliases=("nro orden", "número de orden", "orden de servicio", "solicitud", "nro solicitud", "OS"),
                    example="OS-2026-000123",
                ),
                imports.Field(
                    "state",
                    gettext_lazy("Estado"),
                    required=True,
                    aliases=("estado orden", "estado de la orden", "situación"),
                    help=gettext_lazy("Ingresada, En ejecución, ATENDIDO/CERRADA o Anulada."),
                    example="ATENDIDO/CERRADA",
                ),
                imports.Field(
                    "on",
                    gettext_lazy("Fecha"),
                    aliases=("fecha estado", "fecha de cierre", "fecha anulación"),
                    example="20/11/2026",
                ),
                imports.Field(
                    "reason", gettext_lazy("Motivo"), aliases=("motivo de anulación", "observación", "causa", "detalle")
                ),
            ),
            validate=validate,
            apply=apply,
            foresee=foresee,
            help=gettext_lazy(
                "El reporte de T.I. con el estado de cada orden (paso 25). Antes de aplicarlo se ve qué cambia."
            ),
            back="sales_orders:board",
            differences="sales_orders:differences",
            batch=1,
        )
    )
