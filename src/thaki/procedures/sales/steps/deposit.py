"""GVD steps 12 to 15: Cobranzas validates the deposit; the mails that follow are drafted here and go out on confirmation.

A good deposit issues the invoice in the BSS. A web payment's goes to the customer (13, 14), a transfer's to the agency that
prints it (15). What does not match goes back to 11 with the reason; what is short stays as a part payment (R-A7).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t

from thaki.cases.registry import Job, Step, StepRefused, Work
from thaki.channels.email import outbox
from thaki.integrations.bss import operations as bss
from thaki.integrations.bss.port import BssError
from thaki.people import house, policies
from thaki.procedures.sales import billing_mail, invoice_pdf, money, rules_payment
from thaki.procedures.sales.deposit_form import ACCEPT, FOUND, REASON_LABELS, UNDECIDABLE, DepositForm, rows
from thaki.procedures.sales.form_parts import documents_of, email_of
from thaki.procedures.sales.models import Deposit, PaymentRoute, Sale
from thaki.procedures.sales.rules_payment import DepositReason, Money, Outcome, Undecidable
from thaki.records.billing import operations
from thaki.records.billing.models import Payment
from thaki.records.billing.rules import Comparison
from thaki.records.reasons import RuleError


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """Hold what was found against the slip, decide, and see to the money, the invoice and the customer."""
    sale: Sale = work.record
    form = _judged(work, cleaned)
    comparison = None if cleaned["reason"] == DepositReason.NOT_FOUND else form.comparison()
    outcome = _outcome(cleaned, comparison)
    try:
        payment = _book(work, form, cleaned, comparison, outcome)
    except RuleError as refused:
        raise StepRefused(
            {f"found_{refused.field}": str(refused)} if refused.field else {"": str(refused)}
        ) from refused
    sale.deposit = Deposit.GOOD if outcome.good else Deposit.REJECTED
    sale.deposit_reason, sale.deposit_note = outcome.reason, cleaned["note"]
    money.point(sale, work.case.number)
    work.note(deposit=sale.deposit, payment=payment.pk, reason=outcome.reason)
    if outcome.good:
        _accept(work, payment, cleaned)
    else:
        _tell_customer(work, payment, comparison)
    sale.save()


def _judged(work: Work, cleaned: dict[str, Any]) -> DepositForm:
    """The form of the cleaned answer: it knows the payment and how to compare."""
    form = DepositForm(work=work)
    form.cleaned_data = cleaned
    return form


def _outcome(cleaned: dict[str, Any], comparison: Comparison | None) -> Outcome:
    bad = next((f.name for f in comparison.findings if not f.ok), "") if comparison else ""
    try:
        return rules_payment.decide(
            cleaned["decision"] == ACCEPT,
            comparison.verdict if comparison else None,
            bad_field=bad,
            over_as=cleaned["over_as"],
            reason=cleaned["reason"],
        )
    except Undecidable as refused:
        raise StepRefused({refused.field: str(UNDECIDABLE[refused.code])}) from refused


def _book(
    work: Work, form: DepositForm, cleaned: dict[str, Any], comparison: Comparison | None, outcome: Outcome
) -> Payment:
    """Accept or reject the payment in the billing records."""
    payment = form.payment
    assert payment is not None  # the form refused an answer without one
    by: Any = work.by  # step 12 is always a person's
    if cleaned["fix_slip"]:
        money.correct(payment, form.found)
    if cleaned["split_total_bob"]:
        share, total = cleaned["found_amount_bob"], cleaned["split_total_bob"]
        operations.split_slip(payment.pk, share_bob=share, slip_total_bob=total, by=by, now=work.now)
    if outcome.money is Money.REJECTED or comparison is None:
        why = str(REASON_LABELS[DepositReason(outcome.reason)])
        return operations.reject_payment(payment.pk, reason=why, comparison=comparison, by=by, now=work.now)
    over = cleaned["over_as"] or "refund"
    accepted = operations.accept_payment(payment.pk, comparison=comparison, over_becomes=over, by=by, now=work.now)
    if accepted.refund is not None:
        work.note(refund=accepted.refund.pk)
    return accepted.payment


def _accept(work: Work, payment: Payment, cleaned: dict[str, Any]) -> None:
    """Issue the invoice of the whole price in the BSS, and file its PDF."""
    sale: Sale = work.record
    is_transfer = sale.payment_route == PaymentRoute.TRANSFER
    sale.billing_agency = cleaned["agency"] if is_transfer else ""
    sale.invoice_by = "" if is_transfer else cleaned["invoice_by"]
    try:
        sale.invoice = bss.issue_invoice(
            case_ref=work.case.number,
            name=sale.invoice_name,
            tax_id=sale.invoice_nit,
            concept=_t("%(plan)s: instalación y primer mes") % {"plan": sale.plan},
            amount_bob=money.price_of(sale),
            key=f"{work.case.number}:invoice",
            customer=sale.customer,
            order=sale.order,
            plan=sale.plan,
            agency=sale.billing_agency,
            by=work.by,
            now=work.now,
        )
    except (BssError, RuleError) as error:
        raise StepRefused({"": str(error)}) from error
    invoice_pdf.file_original(work, sale.invoice)
    work.note(invoice=sale.invoice.pk)


def _tell_customer(work: Work, payment: Payment, comparison: Comparison | None) -> None:
    """R-A7: the customer is told; without an e-mail address the executive does it from step 11."""
    sale: Sale = work.record
    to = email_of(sale)
    work.note(told="email" if to else "executive")
    if to:
        outbox.queue(
            work,
            key=f"{work.case.number}:deposit-rejected:{payment.pk}",
            to=to,
            subject=_t("Sobre su depósito"),
            template="sales.mail.deposit_rejected",
            context=billing_mail.rejection_context(work, payment, comparison),
        )


def opened(work: Work) -> None:
    """The verdict is open (again)."""
    sale: Sale = work.record
    sale.deposit = Deposit.UNKNOWN
    sale.save(update_fields=["deposit"])


def context(work: Work) -> dict[str, Any]:
    """Slip and expectation side by side, the comparison as it stands, and the drafts of 13 to 15."""
    sale: Sale = work.record
    form = DepositForm({}, work=work)
    form.is_valid()  # the slip's own data against what is due
    judged = form.payment is not None and not set(form.errors) & set(FOUND)
    comparison = form.comparison() if judged else None
    seen = money.seen(work)
    return {
        "payment": form.payment,
        "slips": documents_of(work, "comprobante"),
        "due_bob": seen.due_bob,
        "price_bob": seen.price_bob,
        "accepted_bob": seen.paid_bob,
        "reference": work.case.number,
        "comparison": comparison,
        "rows": rows(comparison),
        "used": form.used,
        "payments": [payment for payment in seen.payments if payment is not form.payment],
        "is_web": sale.payment_route == PaymentRoute.WEB,
        "drafts": billing_mail.drafts(work, form.payment),
        "email": email_of(sale),
    }


# ---------------------------------------------------------------- 13, 14, 15: the Encargado's mails (R-A12)
def confirm_deposit(work: Work) -> None:
    """13: Canales Digitales learns that the deposit is good."""
    outbox.queue(
        work,
        key=f"{work.case.number}:13",
        to=str(policies.get("sales.digital_channels_email")),
        subject=_t("Depósito confirmado"),
        template=billing_mail.TEMPLATES["13"],
        context=billing_mail.context(work),
    )


def send_invoice(work: Work) -> None:
    """14: the invoice to the customer's e-mail; without an address it goes by WhatsApp or his link, which is noted."""
    sale: Sale = work.record
    assert sale.invoice is not None  # 12 issued it
    to = email_of(sale) if sale.invoice_by == "email" else ""
    work.note(invoice=sale.invoice.pk, sent_by=sale.invoice_by if to else sale.invoice_by.replace("email", "link"))
    if not to:
        return
    outbox.queue(
        work,
        key=f"{work.case.number}:14",
        to=to,
        subject=_t("Su factura de %(house)s") % {"house": house.words()["name"]},
        template=billing_mail.TEMPLATES["14"],
        context=billing_mail.context(work),
        attachments=[sale.invoice.document] if sale.invoice.document else [],
    )


def invoice_sent(work: Work, results: dict[str, Any]) -> None:
    """14 is done: the mail left."""
    sale: Sale = work.record
    if results and sale.invoice is not None:
        operations.mark_emailed(sale.invoice.pk, by=work.by, now=work.now)


def instruct_billing(work: Work) -> None:
    """15: Cajas is told to bill, with a copy to Canales Digitales."""
    outbox.queue(
        work,
        key=f"{work.case.number}:15",
        to=str(policies.get("sales.cashiers_email")),
        cc=[str(policies.get("sales.digital_channels_email"))],
        subject=_t("Depósito confirmado: instrucción para facturar"),
        template=billing_mail.TEMPLATES["15"],
        context=billing_mail.context(work),
    )


STEPS = (
    Step(
        handler="sales.validate_deposit",
        form=DepositForm,
        complete=complete,
        template="sales/steps/validate_deposit.html",
        decides=True,
        context=context,
        opened=opened,
    ),
)
JOBS = (
    Job(handler="sales.confirm_deposit_mail", run=confirm_deposit),
    Job(handler="sales.send_invoice", run=send_invoice, done=invoice_sent),
    Job(handler="sales.instruct_billing", run=instruct_billing),
)
