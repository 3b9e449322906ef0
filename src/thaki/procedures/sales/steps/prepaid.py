"""GVD step 11, Explica alternativas prepago: 11.1 a transfer with its slip, 11.2 the electronic payment on the web page.

The slip's data are noted beside its picture, and a number that paid already is refused here. The web's receipt comes by itself
(`receipts.py`) and completes nothing: the executive (or the customer on his link) ends the step once it is in. The customer may
also send his slip by the link before anybody completes the step: action `sales.receive_slip`.

Answer: `result` (sent, change_form); with sent `route` (transfer, web); with transfer the slip: `slip_number`, `amount_bob`,
`paid_on`, `operation_type`, and where known `account`, `bank`, `depositor`, `slip_files`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Action, Step, StepRefused, Work
from thaki.people import texts
from thaki.procedures.sales import checkout, money
from thaki.procedures.sales.bank_qr import account_qr
from thaki.procedures.sales.contact import WHO_SELLS, open_step, sign_of_life
from thaki.procedures.sales.deposit_form import REASON_LABELS
from thaki.procedures.sales.form_parts import (
    FilesField,
    MoneyField,
    customer_link,
    date_field,
    documents_of,
    keep,
    today,
    whatsapp,
)
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Deposit, PaymentRoute, PaymentStep, Sale
from thaki.procedures.sales.rules_payment import DepositReason
from thaki.records.billing import operations, queries
from thaki.records.billing.models import Payment
from thaki.records.billing.rules import check_paid_on, normal_slip
from thaki.records.reasons import RuleError

SLIP_KIND = "comprobante"
SLIP_TYPED = ("slip_number", "amount_bob", "operation_type")
SLIP_NEEDS = (*SLIP_TYPED, "paid_on")
# A card is the gateway's; the others leave a slip.
SLIP_OPERATIONS = [choice for choice in Payment.Operation.choices if choice[0] != Payment.Operation.CARD]
RESULTS = (
    (PaymentStep.SENT.value, _("Pagó: pasa a Cobranzas")),
    (PaymentStep.CHANGE_FORM.value, _("Cambia la forma de pago")),
)


class SlipForm(StepForm):
    """The data of a slip, read off its picture; mostly it is of today."""

    kept = ("paid_on",)

    slip_files = FilesField(label=_("Comprobante"), required=False)
    slip_number = forms.CharField(
        label=_("Número de comprobante"),
        max_length=60,
        required=False,
        help_text=_("Como figura en el comprobante; paga una sola vez."),
    )
    amount_bob = MoneyField(
        label=_("Monto (Bs)"), required=False, help_text=_("El del comprobante, aunque no sea el esperado.")
    )
    paid_on = date_field(_("Fecha del depósito"), required=False, help_text=_("La del comprobante."))
    operation_type = choice_field(
        _("Tipo de operación"), SLIP_OPERATIONS, required=False, help_text=_("Como la llama el banco del cliente.")
    )
    account = choice_field(_("Cuenta de la cooperativa"), (), required=False, help_text=_("A cuál transfirió."))
    bank = forms.CharField(
        label=_("Banco de origen"), max_length=60, required=False, help_text=_("Desde dónde transfirió.")
    )
    depositor = forms.CharField(
        label=_("Depositante"),
        max_length=160,
        required=False,
        help_text=_("Si el comprobante lo nombra; puede no ser el cliente."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        super().__init__(data, files, work=work)
        account: Any = self.fields["account"]
        account.choices = [("", "—"), *((str(each.pk), str(each)) for each in money.seen(work).accounts)]

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """Today."""
        return {"paid_on": today(work)}

    def check_slip(self) -> None:
        """Everything that Cobranzas will look for is there, and may be."""
        for name in SLIP_NEEDS:
            self.require(name, _("Hace falta para que Cobranzas lo encuentre en el banco."))
        data = self.cleaned_data
        if not data.get("slip_files") and not documents_of(self.work, SLIP_KIND):
            self.add_error("slip_files", _("Adjunte la foto o el PDF del comprobante."))
        if data.get("paid_on"):
            self.checked("paid_on", check_paid_on, data["paid_on"], today(self.work))
        if data.get("slip_number"):
            self.checked("slip_number", normal_slip, data["slip_number"])


class PrepaidForm(SlipForm):
    """How step 11 ends."""

    result = choice_field(
        _("Resultado"),
        RESULTS,
        radio=True,
        help_text=_("El cliente puede cambiar de forma de pago hasta que Cobranzas acepte."),
    )
    route = choice_field(
        _("Vía de pago"),
        [(route.value, route.label) for route in (PaymentRoute.TRANSFER, PaymentRoute.WEB)],
        radio=True,
        required=False,
    )
    field_order = ("result", "route")

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the customer sent by himself, if he did."""
        waiting = money.seen(work).waiting
        if waiting is not None:
            return super().known(work) | {"result": PaymentStep.SENT.value, "route": waiting.form}
        route = work.record.payment_route
        # Most pay by transfer; what is paid on the web shows itself here by its receipt.
        way = PaymentRoute.TRANSFER.value if route == PaymentRoute.UNKNOWN else route
        return super().known(work) | {
            "result": PaymentStep.SENT.value,
            "route": way,
            "operation_type": Payment.Operation.TRANSFER.value,
        }

    def clean(self) -> dict[str, Any]:
        """What each answer needs."""
        super().clean()
        if self.cleaned_data.get("result") != PaymentStep.SENT:
            return self.cleaned_data
        self.require("route", _("Elija por dónde pagó."))
        waiting = money.seen(self.work).waiting
        if self.cleaned_data.get("route") == PaymentRoute.TRANSFER and self._sends_slip(waiting):
            self.check_slip()
        return self.cleaned_data

    def _sends_slip(self, waiting: Payment | None) -> bool:
        """A slip comes with the answer, or none was received before."""
        typed = any(self.cleaned_data.get(name) for name in (*SLIP_TYPED, "slip_files"))
        return typed or waiting is None or waiting.form != Payment.Form.TRANSFER


def register_slip(work: Work, cleaned: dict[str, Any]) -> Payment:
    """Note the payment that a slip tells of. A share of a slip that Cobranzas split is told by its number (R-A7)."""
    sale: Sale = work.record
    files = keep(work, cleaned.get("slip_files") or (), kind=SLIP_KIND, field="slip_files")
    split = Payment.objects.filter(slip_number=normal_slip(cleaned["slip_number"]), is_split=True).exclude(
        state=Payment.State.REJECTED
    )
    shared = split.first()
    try:
        payment = operations.register_payment(
            case_ref=work.case.number,
            form=Payment.Form.TRANSFER,
            slip_number=cleaned["slip_number"],
            amount_bob=cleaned["amount_bob"],
            paid_on=cleaned["paid_on"],
            operation_type=cleaned["operation_type"],
            slip_total_bob=shared.slip_total_bob if shared else None,
            customer=sale.customer,
            account_id=cleaned.get("account") or None,
            bank=cleaned.get("bank", ""),
            depositor=cleaned.get("depositor", ""),
            document=files[-1] if files else None,
            by=work.by,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({refused.field if refused.field in SLIP_NEEDS else "": str(refused)}) from refused
    work.note(payment=payment.pk)
    return payment


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """The payment goes to Cobranzas, or the sale back to the choice of its form."""
    sale: Sale = work.record
    sale.payment_step = cleaned["result"]
    if sale.payment_step == PaymentStep.SENT:
        sale.payment_route = cleaned["route"]
        _send(work, cleaned)
    else:
        checkout.close(work)
    work.note(payment_step=sale.payment_step, route=sale.payment_route)
    sale.save()


def _send(work: Work, cleaned: dict[str, Any]) -> None:
    """What Cobranzas will look for is in: the slip, or the gateway's receipt."""
    sale: Sale = work.record
    waiting = queries.waiting_payment(work.case.number)
    if cleaned["route"] == PaymentRoute.WEB:
        if work.case.is_rehearsal and waiting is None:
            checkout.rehearse_payment(work)
        elif waiting is None or waiting.form != Payment.Form.WEB:
            raise StepRefused({"route": _t("El recibo del pago electrónico todavía no llegó.")})
    else:
        checkout.close(work)
        if cleaned.get("slip_number"):
            _replace_waiting(work, waiting)
            register_slip(work, cleaned)
    money.point(sale, work.case.number)


def _replace_waiting(work: Work, waiting: Payment | None) -> None:
    """A slip that was received and is now sent again, put right, does not stay beside itself."""
    if waiting is not None and waiting.form == Payment.Form.TRANSFER:
        operations.reject_payment(waiting.pk, reason=_t("Reemplazado por otro envío"), by=work.by, now=work.now)


def opened(work: Work) -> None:
    """The step begins (again): a rejected deposit's reason stays to be read, its result does not."""
    sale: Sale = work.record
    sale.payment_step, sale.deposit = PaymentStep.UNKNOWN, Deposit.UNKNOWN
    checkout.renew(work)
    sale.save()


class ReceiveSlipForm(SlipForm):
    """A slip that arrives while step 11 is open."""

    def clean(self) -> dict[str, Any]:
        """A whole slip."""
        super().clean()
        self.check_slip()
        return self.cleaned_data


def receive_slip(work: Work, cleaned: dict[str, Any]) -> str:
    """Note a slip without ending the step (the customer's link): a sign of life (R-A9)."""
    sale: Sale = work.record
    _replace_waiting(work, queries.waiting_payment(work.case.number))
    register_slip(work, cleaned)
    sale.payment_route = PaymentRoute.TRANSFER
    money.point(sale, work.case.number)
    sale.save()
    sign_of_life(work.case, now=work.now)
    return ""


def context(work: Work) -> dict[str, Any]:
    """Both alternatives, ready to be sent: accounts with their QR, and the payment's address."""
    sale: Sale = work.record
    seen = money.seen(work)
    due = seen.due_bob
    accounts = [{"account": a, "qr": account_qr(a, due, work.case.number)} for a in seen.accounts]
    address = checkout.address(sale, now=work.now)
    return {
        "due_bob": due,
        "price_bob": seen.price_bob,
        "reference": work.case.number,
        "accounts": accounts,
        "checkout": address,
        "link": customer_link(work),
        "whatsapp": whatsapp(sale, _pay_text(work, due, address)),
        "payments": seen.payments,
        "waiting": seen.waiting,
        "rejected": REASON_LABELS[DepositReason(sale.deposit_reason)] if sale.deposit_reason else "",
    }


def _pay_text(work: Work, due: Any, address: str) -> str:
    known = {
        "case": work.case,
        "customer": work.record.customer or work.record.prospect,
        "due": due,
        "accounts": [f"{a.bank} {a.number} ({a.holder})" for a in money.seen(work).accounts],
        "link": address,
    }
    return texts.of("sales.whatsapp.payment", known)


def new_checkout(work: Work, cleaned: dict[str, Any]) -> str:
    """Another payment page, as the one before ran out."""
    checkout.renew(work)
    work.record.save(update_fields=["checkout"])
    return ""


def _at_eleven(work: Work) -> bool:
    return open_step(work.case, (11,)) is not None


STEPS = (
    Step(
        handler="sales.explain_prepaid",
        form=PrepaidForm,
        complete=complete,
        template="sales/steps/explain_prepaid.html",
        context=context,
        opened=opened,
    ),
)
ACTIONS = (
    Action(
        code="sales.receive_slip",
        label=_("Recibir comprobante"),
        form=ReceiveSlipForm,
        perform=receive_slip,
        template="sales/steps/receive_slip.html",
        roles=WHO_SELLS,
        available=_at_eleven,
        context=context,
    ),
    Action(
        code="sales.new_checkout",
        label=_("Nuevo enlace de pago"),
        form=StepForm,
        perform=new_checkout,
        template="sales/steps/new_checkout.html",
        roles=WHO_SELLS,
        available=_at_eleven,
    ),
)
