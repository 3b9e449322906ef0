"""What controls the money: the frozen closing of a day's deposits, every print of an
invoice, and the payments of the recurring control."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.records.constraints import choice, together


class DepositClosing(models.Model):
    """The deposits of a day as they stood when Cobranzas closed it. The database refuses to change or delete one."""

    day = models.DateField(_("día"), unique=True)
    closed_at = models.DateTimeField(_("cerrado el"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("observación"), max_length=300, blank=True)
    data = models.JSONField()  # of `rules_closing.frozen`
    digest = models.CharField(max_length=64)  # SHA-256 of the data
    accepted = models.PositiveIntegerField(_("depósitos"))
    total_bob = models.DecimalField(_("total (Bs)"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("cierre de depósitos")
        verbose_name_plural = _("cierres de depósitos")
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="billing_closing_digest")
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"


class InvoicePrint(models.Model):
    """One sheet that came out of a printer: the original (0) or a copy, when and by whom."""

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="prints")
    copy_number = models.PositiveSmallIntegerField(_("copia"))
    printed_at = models.DateTimeField(_("impresa el"), db_index=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("impresión de factura")
        verbose_name_plural = _("impresiones de facturas")
        constraints = [models.UniqueConstraint(fields=["invoice", "copy_number"], name="billing_print_each_copy_once")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.invoice_id}:{self.copy_number}"


class RecurringPayment(models.Model):
    """Money that came in for an enrolment: by hand or by a file of payments. One reference counts once an enrolment."""

    class Fate(models.TextChoices):
        APPLIED = "applied", _("Aplicado")
        OVER = "over", _("Pagó de más")
        PAID_TWICE = "paid_twice", _("Cobro ya pagado")
        ENDED = "ended", _("Inscripción terminada")
        NO_BILL = "no_bill", _("Sin cobro que pagar")

    enrolment = models.ForeignKey("billing.RecurringEnrolment", on_delete=models.PROTECT, related_name="payments")
    bill = models.ForeignKey(
        "billing.RecurringBill", null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    over_bob = models.DecimalField(_("sobra (Bs)"), max_digits=12, decimal_places=2, default=0)
    paid_on = models.DateField(_("pagado el"))
    reference = models.CharField(_("referencia"), max_length=60)
    fate = models.CharField(_("qué fue de él"), max_length=10, choices=Fate.choices)
    received_at = models.DateTimeField(_("anotado el"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(_("archivo"), max_length=120, blank=True)  # "": by hand
    cleared_at = models.DateTimeField(_("aclarado el"), null=True, blank=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cleared_note = models.CharField(_("cómo se aclaró"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pago recurrente")
        verbose_name_plural = _("pagos recurrentes")
        constraints = [
            choice("fate", ["applied", "over", "paid_twice", "ended", "no_bill"]),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_recurring_payment_positive"),
            models.CheckConstraint(condition=Q(over_bob__gte=0), name="billing_recurring_payment_over"),
            models.CheckConstraint(condition=Q(reference__gt=""), name="billing_recurring_payment_reference"),
            models.UniqueConstraint(fields=["enrolment", "reference"], name="billing_recurring_payment_once"),
            models.CheckConstraint(
                condition=Q(bill__isnull=False) | Q(fate__in=["ended", "no_bill"]),
                name="billing_recurring_payment_of_bill",
            ),
            together("cleared", "cleared_at", "cleared_by"),
        ]
        indexes = [
            models.Index(
                fields=["paid_on"],
                condition=~Q(fate="applied") & Q(cleared_at__isnull=True),
                name="billing_payment_unclear",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: Bs {self.amount_bob}"
