"""What controls the money: the frozen closing of a day's deposits, and every print of an invoice."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
