"""Money: bank accounts, payments, invoices, refunds and the recurring control (steps 10–18)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff, not_negative, together
from thaki.records.history import tracked


@tracked()
class BankAccount(Quick):
    """An account of COMTECO to which customers transfer."""

    bank = models.CharField(_("banco"), max_length=60)
    number = models.CharField(_("número de cuenta"), max_length=30)
    holder = models.CharField(_("titular"), max_length=120)
    currency = models.CharField(_("moneda"), max_length=3, default="BOB")
    active = models.BooleanField(_("activa"), default=True)

    class Meta:
        verbose_name = _("cuenta bancaria")
        verbose_name_plural = _("cuentas bancarias")
        constraints = [models.UniqueConstraint(fields=["bank", "number"], name="billing_bankaccount_once")]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"


MONEY_STATES = ("received", "accepted", "refund_due")


@tracked()
class Payment(Quick):
    """Money that a customer says he paid, and what Cobranzas found (step 12)."""

    class Form(models.TextChoices):
        TRANSFER = "transfer", _("Transferencia")
        WEB = "web", _("Pago electrónico en la web")

    class State(models.TextChoices):
        RECEIVED = "received", _("Recibido")
        ACCEPTED = "accepted", _("Aceptado")
        REJECTED = "rejected", _("Rechazado")
        REFUND_DUE = "refund_due", _("Por devolver")
        REFUNDED = "refunded", _("Devuelto")

    class Operation(models.TextChoices):
        TRANSFER = "transfer", _("Transferencia bancaria")
        QR = "qr", _("Pago QR")
        DEPOSIT = "deposit", _("Depósito en ventanilla")
        CARD = "card", _("Tarjeta")
        OTHER = "other", _("Otra")

    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    form = models.CharField(_("vía"), max_length=8, choices=Form.choices)
    account = models.ForeignKey(BankAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    bank = models.CharField(_("banco de origen"), max_length=60, blank=True)
    slip_number = models.CharField(
        _("número de comprobante"), max_length=40
    )  # normalised: capitals and digits; a gateway's receipt too
    slip_written = models.CharField(_("número como está escrito"), max_length=60, blank=True)  # with its hyphens
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("fecha del depósito"))
    operation_type = models.CharField(_("tipo de operación"), max_length=8, choices=Operation.choices)
    depositor = models.CharField(_("depositante"), max_length=160, blank=True)
    is_split = models.BooleanField(
        _("comprobante compartido"), default=False
    )  # Cobranzas splits one slip over sales by name (R-A7)
    slip_total_bob = models.DecimalField(
        _("total del comprobante (Bs)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("estado"), max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField(_("recibido el"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(_("decidido el"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reject_reason = models.CharField(_("motivo de rechazo"), max_length=200, blank=True)
    finding = models.JSONField(
        _("comparación"), default=dict, blank=True
    )  # the verdict and its reasons, as shown that day

    class Meta:
        verbose_name = _("pago")
        indexes = [
            models.Index(fields=["slip_number"], opclasses=["varchar_pattern_ops"], name="billing_slip_begins"),
            models.Index(fields=["decided_at"], condition=Q(decided_at__isnull=False), name="billing_payment_decided"),
            models.Index(fields=["received_at"], condition=Q(state="received"), name="billing_payment_waiting"),
        ]
        constraints = [
            choice("form", ["transfer", "web"]),
            choice("state", ["received", "accepted", "rejected", "refund_due", "refunded"]),
            choice("operation_type", ["transfer", "qr", "deposit", "card", "other"]),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(slip_number__regex=r"^[A-Z0-9]{3,40}$"), name="billing_payment_slip_normal"
            ),
            # R-A7: one slip number pays once, unless Cobranzas splits it. A refunded slip stays used.
            models.UniqueConstraint(
                fields=["slip_number"],
                condition=~Q(state="rejected") & Q(is_split=False),
                name="billing_slip_pays_once",
            ),
            models.UniqueConstraint(
                fields=["slip_number", "case_ref"],
                condition=~Q(state="rejected") & Q(is_split=True),
                name="billing_split_once_a_sale",
            ),
            iff("decided_pair", Q(state="received"), holds=Q(decided_at__isnull=True)),
            iff("rejected_reason", Q(state="rejected"), holds=Q(reject_reason__gt="")),
            models.CheckConstraint(
                condition=Q(is_split=False) | Q(slip_total_bob__isnull=False, slip_total_bob__gte=F("amount_bob")),
                name="billing_split_within_slip",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip}: Bs {self.amount_bob}"

    @property
    def slip(self) -> str:
        """The slip's number as people read it off the paper."""
        return self.slip_written or self.slip_number

    @property
    def holds_money(self) -> bool:
        """Whether its money is, or may be, in COMTECO's accounts: a slip not yet verified counts, as it may have to go back."""
        return self.state in MONEY_STATES


class Refund(Quick):
    """Money to give back: a withdrawal with money in, an annulment, or what came over the price (R-A4, R-A7)."""

    class State(models.TextChoices):
        DUE = "due", _("Pendiente")
        PAID = "paid", _("Devuelto")
        CREDITED = "credited", _("Abonado a cuenta")

    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("motivo"), max_length=200)
    state = models.CharField(_("estado"), max_length=8, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField(_("pendiente desde"))
    settled_at = models.DateTimeField(_("resuelto el"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("comprobante de la devolución"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("devolución")
        verbose_name_plural = _("devoluciones")
        indexes = [
            models.Index(fields=["settled_at"], condition=Q(settled_at__isnull=False), name="billing_refund_settled"),
            models.Index(fields=["due_at"], condition=Q(state="due"), name="billing_refund_due"),
        ]
        constraints = [
            choice("state", ["due", "paid", "credited"]),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_refund_amount_positive"),
            together("settled", "settled_at", "settled_by"),
            iff("settled_state", Q(state="due"), holds=Q(settled_at__isnull=True)),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(reference__gt=""), name="billing_refund_paid_has_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"Bs {self.amount_bob} ({self.case_ref})"


@tracked()
class Invoice(Quick):
    """An invoice issued by the BSS: we keep its number, CUF and date, and where its paper went."""

    class Delivery(models.TextChoices):
        IN_HAND = "in_hand", _("Entregada en mano")
        SENT = "sent", _("Enviada con acuse")

    class Proof(models.TextChoices):
        PAPER = "paper", _("Firma en papel")
        CONFIRMATION = "confirmed", _("Confirmación de quien la recibe")

    number = models.CharField(_("número"), max_length=40, unique=True)
    cuf = models.CharField(_("CUF"), max_length=80, unique=True)
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    order = models.ForeignKey(
        "orders.ProductOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="invoices"
    )
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="invoices")
    plan = models.ForeignKey("offers.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("a nombre de"), max_length=160)
    nit = models.CharField(_("NIT/CI"), max_length=15)
    concept = models.CharField(_("concepto"), max_length=200)
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    issued_at = models.DateTimeField(_("emitida el"), db_index=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.CharField(
        _("agencia"), max_length=60, blank=True
    )  # where it is printed and handed over; "" for the web route
    voided_at = models.DateTimeField(_("anulada el"), null=True, blank=True)
    void_reason = models.CharField(_("motivo de anulación"), max_length=200, blank=True)
    credit_note = models.CharField(_("nota de crédito"), max_length=40, null=True, blank=True, unique=True)
    emailed_at = models.DateTimeField(_("enviada por correo el"), null=True, blank=True)
    printed_at = models.DateTimeField(
        _("impresa el"), null=True, blank=True
    )  # the original; each later print is marked as a copy
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveSmallIntegerField(_("copias reimpresas"), default=0)
    archived_at = models.DateTimeField(_("archivada el"), null=True, blank=True)
    archived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(_("entregada el"), null=True, blank=True)
    delivered_how = models.CharField(_("forma de entrega"), max_length=8, choices=Delivery.choices, blank=True)
    delivered_to = models.CharField(
        _("entregada a"), max_length=160, blank=True
    )  # the name of who took it, or the address it went to
    acknowledgement = models.CharField(_("acuse de recibo"), max_length=160, blank=True)
    delivered_id = models.CharField(_("carnet de quien la recibe"), max_length=20, blank=True)
    delivered_proof = models.CharField(_("constancia"), max_length=9, choices=Proof.choices, blank=True)
    delivered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("factura")
        indexes = [
            models.Index(
                fields=["agency", "issued_at"],
                condition=Q(printed_at__isnull=True, voided_at__isnull=True) & ~Q(agency=""),
                name="billing_invoice_to_print",
            ),
            models.Index(
                fields=["agency", "printed_at"],
                condition=Q(printed_at__isnull=False, delivered_at__isnull=True, voided_at__isnull=True)
                & ~Q(agency=""),
                name="billing_invoice_undelivered",
            ),
            models.Index(fields=["printed_at"], condition=Q(printed_at__isnull=False), name="billing_invoice_printed"),
            models.Index(  # the billing volume of months (R-A15) without reading a single invoice
                fields=["issued_at"],
                include=["amount_bob", "case_ref"],
                condition=Q(voided_at=None),
                name="billing_invoice_volume",
            ),
            models.Index(
                fields=["delivered_at"], condition=Q(delivered_at__isnull=False), name="billing_invoice_delivered"
            ),
        ]
        constraints = [
            choice("delivered_proof", ["paper", "confirmed"], blank=True),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_invoice_amount_positive"),
            models.CheckConstraint(condition=Q(nit__regex=r"^[0-9]{1,15}$"), name="billing_invoice_nit_digits"),
            together("voided", "voided_at", "credit_note"),
            iff("voided_reason", Q(voided_at__isnull=False), holds=Q(void_reason__gt="")),
            together("printed", "printed_at", "printed_by"),
            together("archived", "archived_at", "archived_by"),
            iff("delivered_says_how", Q(delivered_at__isnull=False), holds=Q(delivered_how__in=["in_hand", "sent"])),
            iff("delivered_says_whom", Q(delivered_at__isnull=False), holds=Q(delivered_to__gt="")),
            models.CheckConstraint(
                condition=~Q(delivered_how="sent") | Q(acknowledgement__gt=""), name="billing_invoice_sent_acknowledged"
            ),
            models.CheckConstraint(
                condition=Q(copies=0) | Q(printed_at__isnull=False), name="billing_invoice_copies_after_original"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RecurringEnrolment(Quick):
    """A sale under the control of recurring payment (step 18)."""

    class Method(models.TextChoices):
        COUNTER = "counter", _("Cajas y entidades de cobro")
        DEBIT = "debit", _("Débito automático")
        CARD = "card", _("Tarjeta")
        TRANSFER = "transfer", _("Transferencia o QR mensual")

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="enrolments")
    order = models.ForeignKey(
        "orders.ProductOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    method = models.CharField(_("medio de pago"), max_length=10, choices=Method.choices)
    day = models.PositiveSmallIntegerField(_("día de pago"))
    from_month = models.DateField(_("desde el mes"))  # the first day of the month
    amount_bob = models.DecimalField(_("monto mensual (Bs)"), max_digits=12, decimal_places=2)
    enrolled_at = models.DateTimeField(_("inscrito el"))
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(_("terminado el"), null=True, blank=True)
    end_reason = models.CharField(_("motivo de término"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("control de pago recurrente")
        verbose_name_plural = _("controles de pago recurrente")
        constraints = [
            choice("method", ["counter", "debit", "card", "transfer"]),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=28), name="billing_enrolment_day"
            ),  # every month has 28
            models.CheckConstraint(condition=Q(from_month__day=1), name="billing_enrolment_first_of_month"),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_enrolment_amount_positive"),
            models.UniqueConstraint(
                fields=["case_ref"], condition=Q(ended_at__isnull=True), name="billing_enrolment_one_running"
            ),
            iff("end_reason", Q(ended_at__isnull=False), holds=Q(end_reason__gt="")),
        ]

    def __str__(self) -> str:
        return f"{self.customer} ({self.case_ref})"


class RecurringBill(Quick):
    """One month of an enrolment: who is due, who paid, who did not."""

    enrolment = models.ForeignKey(RecurringEnrolment, on_delete=models.CASCADE, related_name="bills")
    month = models.DateField(_("mes"))
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("vence el"))
    paid_at = models.DateTimeField(_("pagada el"), null=True, blank=True)
    paid_reference = models.CharField(_("referencia del pago"), max_length=60, blank=True)
    number = models.CharField(_("número de factura"), max_length=40, blank=True)  # as Facturación's file calls it

    class Meta:
        verbose_name = _("cobro mensual")
        verbose_name_plural = _("cobros mensuales")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "month"], name="billing_bill_once_a_month"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="billing_bill_number_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_bill_first_of_month"),
            models.CheckConstraint(condition=Q(due_on__gte=F("month")), name="billing_bill_due_in_month"),
            *not_negative("amount_bob"),
            iff("paid_reference", Q(paid_at__isnull=False), holds=Q(paid_reference__gt="")),
        ]
        indexes = [
            models.Index(fields=["month"], name="billing_bill_month"),
            models.Index(fields=["due_on"], condition=Q(paid_at__isnull=True), name="billing_bill_unpaid"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.month:%Y-%m}"


import thaki.records.billing.control_models  # noqa: E402
import thaki.records.billing.service_models  # noqa: E402, F401 - Django finds an application's models here
