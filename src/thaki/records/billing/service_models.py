"""The monthly bill of a service, and the claim that removes it or takes from it (RET, steps 4 and 13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff, not_negative
from thaki.records.history import tracked

REMOVAL_REASON = "Retiro por Retención con Servicio de Ingeniería"


class ServiceBill(Quick):
    """What a service is billed for one month. `adjusted_bob` was taken off it; a removed bill is not owed at all."""

    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="bills")
    month = models.DateField(_("mes"))  # its first day
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    issued_on = models.DateField(_("emitida el"))
    due_on = models.DateField(_("vence el"))
    paid_at = models.DateTimeField(_("pagada el"), null=True, blank=True)
    removed_at = models.DateTimeField(_("retirada el"), null=True, blank=True)
    adjusted_bob = models.DecimalField(_("ajuste (Bs)"), max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("factura de servicio")
        verbose_name_plural = _("facturas de servicio")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "month"], name="billing_servicebill_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_servicebill_first_of_month"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="billing_servicebill_due_after_issue"),
            models.CheckConstraint(condition=Q(adjusted_bob__lte=F("amount_bob")), name="billing_servicebill_adjusted"),
            *not_negative("amount_bob", "adjusted_bob"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.month:%Y-%m}"


@tracked()
class BillingClaim(Quick):
    """A "reclamo de facturación": Facturación applies it to the month's bill, or to the next one when it is issued."""

    class Kind(models.TextChoices):
        REMOVAL = "removal", _("Retiro de factura")
        COMPENSATION = "compensation", _("Compensación")

    class State(models.TextChoices):
        REGISTERED = "registered", _("Registrado")
        WAITING_BILL = "waiting_bill", _("Espera la factura")
        APPLIED = "applied", _("Aplicado")
        REJECTED = "rejected", _("Rechazado")

    number = models.CharField(_("número"), max_length=40, unique=True)
    key = models.CharField(max_length=200, unique=True)  # registering twice with one key registers once
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="billing_claims")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="billing_claims")
    kind = models.CharField(_("clase"), max_length=12, choices=Kind.choices)
    reason = models.CharField(_("motivo"), max_length=160)
    month = models.DateField(_("mes"))  # whose bill is removed or compensated, by its first day
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    days = models.PositiveSmallIntegerField(_("días afectados"), null=True, blank=True)
    state = models.CharField(_("estado"), max_length=12, choices=State.choices, default=State.REGISTERED)
    bill = models.ForeignKey(ServiceBill, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    registered_at = models.DateTimeField(_("registrado el"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField(_("aplicado el"), null=True, blank=True)  # or rejected: when it was decided
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("nota"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reclamo de facturación")
        verbose_name_plural = _("reclamos de facturación")
        constraints = [
            choice("kind", ["removal", "compensation"]),
            choice("state", ["registered", "waiting_bill", "applied", "rejected"]),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_billingclaim_first_of_month"),
            models.CheckConstraint(condition=Q(amount_bob__gt=0), name="billing_billingclaim_amount_positive"),
            models.CheckConstraint(
                condition=~Q(kind="compensation") | Q(days__isnull=False, days__gte=1), name="billing_billingclaim_days"
            ),
            # R-B8: never both for one product and month, nor the same twice.
            models.UniqueConstraint(
                fields=["subscription", "month"],
                condition=~Q(state="rejected"),
                name="billing_billingclaim_one_a_month",
            ),
            iff("decided", Q(state__in=["applied", "rejected"]), holds=Q(applied_at__isnull=False)),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(bill__isnull=False), name="billing_billingclaim_applied_to_a_bill"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(note__gt=""), name="billing_billingclaim_rejected_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["registered_at"],
                condition=Q(state__in=["registered", "waiting_bill"]),
                name="billing_claims_waiting",
            ),
            models.Index(fields=["applied_at"], condition=Q(applied_at__isnull=False), name="billing_claims_decided"),
        ]

    def __str__(self) -> str:
        return self.number
