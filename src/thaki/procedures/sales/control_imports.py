"""Files of the recurring control: the bills that Facturación issued, and the payments that came in (R-A13).

Brought again they add nothing twice: a bill is its enrolment's of a month, a payment its reference of an enrolment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people.roles import Role
from thaki.records.billing import operations
from thaki.records.billing.control import Finder, Named
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.operations import Taken
from thaki.records.billing.rules_control import Fate, month_of_text
from thaki.records.money import check_amount
from thaki.records.reasons import RuleError
from thaki.reporting import imports
from thaki.reporting.imports import Batch, Field, Outcome, Row, values
from thaki.ui.formats import format_money

ROLES = frozenset({Role.DIVISION_FACTURACION.value})
WHO = (
    Field(
        "case",
        gettext_lazy("Caso"),
        aliases=("numero de caso", "venta", "referencia interna"),
        example="GVD-2026-000123",
    ),
    Field("order", gettext_lazy("Orden"), aliases=("orden de venta", "solicitud", "pedido")),
    Field("customer", gettext_lazy("Código de cliente"), aliases=("cliente", "codigo", "cod cliente", "socio")),
)
MONTH = Field("month", gettext_lazy("Mes"), aliases=("periodo", "mes facturado", "gestion"), example="11/2026")


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill as the file says it."""

    named: Named
    month: date
    amount_bob: Decimal
    due_on: date | None
    number: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as the file says it."""

    named: Named
    month: date | None
    amount_bob: Decimal
    paid_on: date
    reference: str


# ---------------------------------------------------------------- reading
def _named(row: Mapping[str, str]) -> Named:
    named = Named(**{name: row.get(name, "").strip() for name in ("bill", "case", "order", "customer")})
    if named == Named():
        raise RuleError("control_nobody", on="case")
    return named


def _amount(row: Mapping[str, str]) -> Decimal:
    amount = values.decimal(values.required(row["amount"], on="amount"), on="amount")
    return check_amount(amount, on="amount")


def read_bill(row: dict[str, str], options: Mapping[str, str]) -> BillRow:
    """A row of the file of bills."""
    return BillRow(
        named=_named({**row, "bill": ""}),
        month=month_of_text(values.required(row["month"], on="month"), on="month"),
        amount_bob=_amount(row),
        due_on=values.day(row["due_on"], on="due_on") if row["due_on"] else None,
        number=row["number"].strip(),
    )


def read_payment(row: dict[str, str], options: Mapping[str, str]) -> PaymentRow:
    """A row of the file of payments."""
    return PaymentRow(
        named=_named(row),
        month=month_of_text(row["month"], on="month") if row["month"] else None,
        amount_bob=_amount(row),
        paid_on=values.day(values.required(row["paid_on"], on="paid_on"), on="paid_on"),
        reference=values.required(row["reference"], on="reference"),
    )


# ---------------------------------------------------------------- entering
Found = tuple[RecurringEnrolment, RecurringBill | None]


def _each(rows: Sequence[Row], enter: Callable[[Row, Found], str]) -> list[Outcome]:
    """Enter rows one by one, each in its own savepoint; a rule's refusal is the row's outcome."""
    finder = Finder([row.values.named for row in rows])
    outcomes = []
    for row in rows:
        try:
            with transaction.atomic():
                outcomes.append(Outcome(note=enter(row, finder.find(row.values.named))))
        except RuleError as refused:
            outcomes.append(Outcome(refused=str(refused)))
    return outcomes


def enter_bills(rows: Sequence[Row], batch: Batch) -> list[Outcome]:
    """Enter bills."""

    def enter(row: Row, found: Found) -> str:
        said: BillRow = row.values
        _bill, became = operations.enter_bill(
            found[0],
            month=said.month,
            amount_bob=said.amount_bob,
            due_on=said.due_on,
            number=said.number,
            by=batch.by,
            now=batch.now,
        )
        words = {"same": _("Ya estaba."), "changed": _("Ya estaba: se corrigió.")}
        return words.get(became, "")

    return _each(rows, enter)


def enter_payments(rows: Sequence[Row], batch: Batch) -> list[Outcome]:
    """Enter payments."""

    def enter(row: Row, found: Found) -> str:
        said: PaymentRow = row.values
        taken = operations.take_payment(
            found[0].pk,
            amount_bob=said.amount_bob,
            paid_on=said.paid_on,
            reference=said.reference,
            month=found[1].month if found[1] else said.month,
            source=batch.file_name,
            by=batch.by,
            now=batch.now,
        )
        return in_words(taken)

    return _each(rows, enter)


def in_words(taken: Taken) -> str:
    """What became of a payment, where people should know; "" when it paid its bill."""
    if taken.known or taken.settled is None:
        return _("Ya estaba.")
    settled = taken.settled
    if settled.fate == Fate.APPLIED:
        missing = format_money(settled.missing_bob)
        return "" if settled.pays else _("Pago parcial: faltan %(amount)s.") % {"amount": missing}
    return {
        Fate.OVER: _("Pagó de más: sobran %(amount)s."),
        Fate.PAID_TWICE: _("Ese cobro ya estaba pagado: quedan %(amount)s por aclarar."),
        Fate.ENDED: _("La inscripción terminó y no debe nada: quedan %(amount)s por aclarar."),
        Fate.NO_BILL: _("No hay cobro que pagar: quedan %(amount)s por aclarar."),
    }[settled.fate] % {"amount": format_money(settled.over_bob)}


def _foresee(apply: imports.kinds.Apply, fresh: object) -> imports.kinds.Foresee:
    """What each row would do: it is done, and the preview rolls it back."""

    def foresee(rows: Sequence[Row], batch: Batch) -> list[str]:
        return [outcome.refused or outcome.note or str(fresh) for outcome in apply(rows, batch)]

    return foresee


def register() -> None:
    """Add both kinds; called when Django is ready."""
    amount = Field(
        "amount",
        gettext_lazy("Monto (Bs)"),
        required=True,
        aliases=("monto", "importe", "total", "monto pagado"),
        example="249,00",
    )
    imports.register(
        imports.ImportKind(
            code="recurring_bills",
            title=gettext_lazy("Cobros del mes"),
            help=gettext_lazy("Una fila por cobro emitido: de quién (caso, orden o código de cliente), mes y monto."),
            fields=(
                *WHO,
                Field(MONTH.code, MONTH.label, required=True, aliases=MONTH.aliases, example=MONTH.example),
                amount,
                Field(
                    "due_on",
                    gettext_lazy("Vence el"),
                    aliases=("vencimiento", "fecha de vencimiento"),
                    example="10/11/2026",
                ),
                Field("number", gettext_lazy("Número de factura"), aliases=("factura", "nro factura", "numero")),
            ),
            one_of=(("case", "order", "customer"),),
            validate=read_bill,
            apply=enter_bills,
            foresee=_foresee(enter_bills, gettext_lazy("Cobro nuevo")),
            roles=ROLES,
            back="sales_billing:recurring",
        )
    )
    imports.register(
        imports.ImportKind(
            code="recurring_payments",
            title=gettext_lazy("Pagos recibidos"),
            help=gettext_lazy("Una fila por pago. Sin mes ni factura, paga el cobro más antiguo que falte."),
            fields=(
                Field("bill", gettext_lazy("Número de factura"), aliases=("factura", "nro factura")),
                *WHO,
                MONTH,
                amount,
                Field(
                    "paid_on",
                    gettext_lazy("Pagado el"),
                    required=True,
                    aliases=("fecha", "fecha de pago", "fecha pago"),
                    example="09/11/2026",
                ),
                Field(
                    "reference",
                    gettext_lazy("Referencia"),
                    required=True,
                    aliases=("comprobante", "nro operacion", "transaccion", "recibo"),
                    example="CAJ-884213",
                ),
            ),
            one_of=(("bill", "case", "order", "customer"),),
            validate=read_payment,
            apply=enter_payments,
            foresee=_foresee(enter_payments, gettext_lazy("Paga su cobro")),
            roles=ROLES,
            back="sales_billing:recurring",
        )
    )
