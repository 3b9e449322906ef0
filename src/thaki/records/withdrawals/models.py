"""Withdrawals of services ("bajas"): asked for by the customer, or for arrears (RET, R-B4 and R-B14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.claims.models import Product
from thaki.records.constraints import choice
from thaki.records.history import tracked


@tracked()
class Withdrawal(Quick):
    """A withdrawal, by the date of its request: the KPI counts those asked for (R-B14)."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", _("Solicitada")
        ARREARS = "arrears", _("Por mora")

    number = models.CharField(_("número"), max_length=40, unique=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="withdrawals")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="withdrawals")
    product = models.CharField(_("producto"), max_length=10, choices=Product.choices)
    requested_on = models.DateField(_("solicitada el"))
    kind = models.CharField(_("clase"), max_length=10, choices=Kind.choices, default=Kind.REQUESTED)
    reason = models.CharField(_("motivo"), max_length=40)  # a code of the procedure's reasons
    note = models.CharField(_("nota"), max_length=300, blank=True)
    case_ref = models.CharField(_("caso"), max_length=24, blank=True, db_index=True)
    equipment_to_return = models.JSONField(_("equipos por devolver"), default=list, blank=True)  # texts
    certificate_noted = models.BooleanField(_("certificado de aportación anotado"), default=False)
    effective_on = models.DateField(_("efectiva el"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registrada el"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("baja")
        constraints = [
            choice("kind", ["requested", "arrears"]),
            choice("product", Product.values),
            models.CheckConstraint(condition=Q(reason__gt=""), name="withdrawals_withdrawal_has_reason"),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True) | Q(effective_on__gte=F("requested_on")),
                name="withdrawals_withdrawal_range",
            ),
            # A service is given up once; one that came back is another service.
            models.UniqueConstraint(fields=["subscription"], name="withdrawals_once_a_service"),
        ]
        indexes = [models.Index(fields=["requested_on", "kind", "product"], name="withdrawals_by_month")]

    def __str__(self) -> str:
        return self.number
