"""The embedded provider's checkouts, and the receipts that we took from whatever provider."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick


class HostedCheckout(Quick):
    """A payment page of the embedded provider."""

    class State(models.TextChoices):
        OPEN = "open", _("Pendiente")
        PAID = "paid", _("Pagado")
        CANCELLED = "cancelled", _("Cancelado")

    class Method(models.TextChoices):
        CARD = "card", _("Tarjeta")
        QR = "qr", _("QR")

    token = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=40, db_index=True)
    amount_bob = models.DecimalField(max_digits=12, decimal_places=2)
    description = models.CharField(max_length=200)
    return_url = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=4, choices=Method.choices, blank=True)
    payer = models.CharField(max_length=160, blank=True)
    card_end = models.CharField(max_length=4, blank=True)  # the last four digits; nothing else of a card is ever kept
    receipt_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    declines = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)  # when the merchant took the receipt

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="payments_checkout_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False, receipt_number__isnull=False, method__gt="")
                | Q(state__in=["open", "cancelled"], paid_at__isnull=True, receipt_number__isnull=True),
                name="payments_checkout_paid_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["paid_at"], condition=Q(state="paid", told_at=None), name="payments_checkout_untold")
        ]

    def __str__(self) -> str:
        return f"{self.reference}: Bs {self.amount_bob}"


class TakenReceipt(models.Model):
    """A receipt that was handed upward, so that the same one is handed once."""

    number = models.CharField(max_length=40, unique=True)
    token = models.CharField(max_length=64)
    reference = models.CharField(max_length=40)
    amount_bob = models.DecimalField(max_digits=12, decimal_places=2)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
