"""The form of GVD step 12: what Cobranzas found in the bank, held against the slip, and the decision that follows from it.

Answer: `decision` (accept, reject). What was found is taken from the slip where the answer does not say otherwise:
`found_amount_bob`, `found_paid_on`, `found_slip_number`, `found_operation_type`, `found_depositor`. `fix_slip` says that the
slip's data had been noted wrong. Accepting a transfer needs `agency`, accepting what is over `over_as` (refund, credit); a
web payment's invoice goes out by `invoice_by` (email, whatsapp, link). Rejecting may need `reason`. `note` goes into the
mails.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Work
from thaki.procedures.sales import money, rules_payment
from thaki.procedures.sales.form_parts import MoneyField, agencies, date_field, email_of, today
from thaki.procedures.sales.forms import StepForm, choice_field, text_area
from thaki.procedures.sales.models import PaymentRoute
from thaki.procedures.sales.rules_payment import DepositReason
from thaki.records.billing import queries
from thaki.records.billing.models import Payment
from thaki.records.billing.rules import Comparison, Deposit, check_paid_on, compare_deposit, normal_slip

ACCEPT, REJECT = "accept", "reject"
DECISIONS = ((ACCEPT, _("Acepto el depósito")), (REJECT, _("Lo devuelvo al paso 11")))
OVER_AS = (("refund", _("Se devuelve la diferencia")), ("credit", _("Queda como saldo a favor")))
INVOICE_BY = (("email", _("Correo electrónico")), ("whatsapp", _("WhatsApp")), ("link", _("Enlace del cliente")))
REASON_LABELS = {
    DepositReason.SHORT: _("Falta dinero"),
    DepositReason.NOT_FOUND: _("No aparece en la cuenta"),
    DepositReason.AMOUNT: _("El monto no coincide"),
    DepositReason.DATE: _("La fecha no coincide"),
    DepositReason.NUMBER: _("El número de depósito no coincide"),
    DepositReason.OPERATION: _("El tipo de operación no coincide"),
    DepositReason.DEPOSITOR: _("El nombre del depositante no coincide"),
    DepositReason.OTHER: _("Otro motivo"),
}
UNDECIDABLE = {
    "accept_short": _("Falta dinero: devuélvalo al paso 11 por la diferencia; lo recibido queda a cuenta."),
    "accept_mismatch": _("Hay datos que no coinciden: devuélvalo con su motivo, o corrija el dato si se anotó mal."),
    "over_needs_a_way": _("Pagó de más: elija si se devuelve o queda como saldo a favor."),
    "reject_needs_reason": _("Todo coincide: indique por qué lo devuelve."),
}
FOUND = ("found_amount_bob", "found_paid_on", "found_slip_number", "found_operation_type", "found_depositor")


FIELD_LABELS = {
    "amount_bob": _("Monto"),
    "paid_on": _("Fecha"),
    "slip_number": _("Número de depósito"),
    "operation_type": _("Tipo de operación"),
    "depositor": _("Depositante"),
}


class Row(NamedTuple):
    """One field of the comparison as the screen shows it."""

    label: Any
    told: Any
    found: Any
    ok: bool
    reason: Any


def rows(comparison: Comparison | None) -> list[Row]:
    """The comparison in words."""
    operations: dict[str, Any] = dict(Payment.Operation.choices)
    return [
        Row(
            FIELD_LABELS[each.name],
            operations.get(each.expected, each.expected),
            operations.get(each.found, each.found),
            each.ok,
            each.reason,
        )
        for each in (comparison.findings if comparison else ())
    ]


class FoundForm(StepForm):
    """What the bank account (or the gateway) shows; also what the screen compares while it is typed."""

    kept: ClassVar[tuple[str, ...]] = FOUND

    found_amount_bob = MoneyField(label=_("Monto (Bs)"), help_text=_("El abonado en la cuenta."))
    found_paid_on = date_field(_("Fecha"), help_text=_("La del abono."))
    found_slip_number = forms.CharField(
        label=_("Número de depósito"), max_length=60, help_text=_("Como lo muestra el banco.")
    )
    found_operation_type = choice_field(
        _("Tipo de operación"), Payment.Operation.choices, help_text=_("Como la muestra el banco.")
    )
    found_depositor = forms.CharField(
        label=_("Depositante"),
        max_length=160,
        required=False,
        help_text=_("Si corresponde; déjelo vacío si el banco no lo muestra."),
    )
    fix_slip = forms.BooleanField(
        label=_("El comprobante se anotó mal: dice lo mismo que la cuenta"),
        required=False,
        help_text=_("Corrige los datos del comprobante con los encontrados."),
    )
    split_total_bob = MoneyField(
        label=_("Total del comprobante, si paga varias ventas"),
        required=False,
        help_text=_("El monto de arriba es entonces la parte de esta venta; el resto lo usan las otras, por nombre."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        self.payment = money.seen(work).waiting
        self.used: Payment | None = None  # another sale's payment with the number that was found
        super().__init__(data, files, work=work)

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The slip's own data, which the bank mostly confirms."""
        payment = money.seen(work).waiting
        if payment is None:
            return {}
        return {
            "found_amount_bob": payment.amount_bob,
            "found_paid_on": payment.paid_on,
            "found_slip_number": payment.slip,
            "found_operation_type": payment.operation_type,
            "found_depositor": payment.depositor,
        }

    def clean(self) -> dict[str, Any]:
        """A date that can be, and a number that no other sale used."""
        super().clean()
        data = self.cleaned_data
        if self.payment is None:
            self.add_error(None, _("No hay ningún depósito por validar."))
            return data
        if data.get("found_paid_on"):
            self.checked("found_paid_on", check_paid_on, data["found_paid_on"], today(self.work))
        if data.get("found_slip_number"):
            self._check_number(data["found_slip_number"])
        return data

    def _check_number(self, typed: str) -> None:
        assert self.payment is not None  # clean returned
        number = self.checked("found_slip_number", normal_slip, typed)
        self.used = queries.slip_in_use(number, but=self.payment.pk) if number and not self.payment.is_split else None
        if self.used is not None:
            text = _("El comprobante %(number)s ya pagó en %(case)s.") % {"number": number, "case": self.used.case_ref}
            self.add_error("found_slip_number", text)

    @property
    def found(self) -> Deposit:
        """The deposit in the account."""
        data = self.cleaned_data
        return Deposit(
            data["found_amount_bob"],
            data["found_paid_on"],
            data["found_slip_number"],
            data["found_operation_type"],
            data["found_depositor"],
        )

    def comparison(self) -> Comparison:
        """Every field with its reason, against the slip and what is due; for a valid form."""
        assert self.payment is not None  # a valid form has one
        found, told = self.found, money.told_by(self.payment)
        if self.cleaned_data["fix_slip"] or self.cleaned_data["split_total_bob"]:
            told = found
        return compare_deposit(
            told,
            found,
            due_bob=money.seen(self.work).due_bob,
            depositor_applies=rules_payment.depositor_applies(found.operation_type, told.depositor)
            and bool(found.depositor),
        )


def _agencies(work: Work) -> list[str]:
    """The agencies, asked once for the record that this request read: the screen builds the form twice."""
    known = work.record.__dict__
    if "agencies_seen" not in known:
        known["agencies_seen"] = list(agencies())
    found: list[str] = known["agencies_seen"]
    return found


class DepositForm(FoundForm):
    """What was found, the decision, and what it needs."""

    kept: ClassVar[tuple[str, ...]] = (*FOUND, "invoice_by", "agency")

    decision = choice_field(
        _("Decisión"),
        DECISIONS,
        radio=True,
        help_text=_("Al aceptar se emite la factura y salen los correos de abajo."),
    )
    over_as = choice_field(
        _("Lo que pagó de más"), OVER_AS, required=False, help_text=_("Solo si pagó más de lo debido.")
    )
    reason = choice_field(
        _("Motivo de la devolución"),
        [(each.value, label) for each, label in REASON_LABELS.items()],
        required=False,
        help_text=_("Si no lo elige, es el primer dato que no coincide."),
    )
    agency = choice_field(
        _("Agencia que imprime y entrega la factura"), (), required=False, help_text=_("La más cercana al cliente.")
    )
    invoice_by = choice_field(
        _("La factura va por"),
        INVOICE_BY,
        required=False,
        help_text=_("Sin correo electrónico, por WhatsApp o por su enlace."),
    )
    note = forms.CharField(
        label=_("Nota"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Se agrega a los correos que salen."),
    )
    field_order = ("decision", *FOUND)

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        super().__init__(data, files, work=work)
        agency: Any = self.fields["agency"]
        names = _agencies(work)
        agency.choices = [("", "—"), *((name, name) for name in names)]
        self.initial["agency"] = self.initial.get("agency") or next(iter(names), "")

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """By e-mail if he has one; the first agency, so that one key accepts."""
        return super().known(work) | {
            "invoice_by": "email" if email_of(work.record) else "whatsapp",
            "agency": work.record.billing_agency,
        }

    def clean(self) -> dict[str, Any]:
        """What accepting needs: an agency for a transfer's invoice, a way for a web payment's."""
        data = super().clean()
        if data.get("decision") != ACCEPT:
            return data
        if self.sale.payment_route == PaymentRoute.TRANSFER:
            self.require("agency", _("Elija la agencia que imprimirá la factura."))
        else:
            self.require("invoice_by", _("Elija cómo recibe la factura."))
            if data.get("invoice_by") == "email" and not email_of(self.sale):
                self.add_error("invoice_by", _("El cliente no tiene correo electrónico."))
        return data
