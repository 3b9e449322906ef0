"""Courtesies without cost that run on a service until their date (RET, step 14)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff
from thaki.records.history import tracked


@tracked()
class Courtesy(Quick):
    """A promotion or OTT given without cost. It runs from `starts_on` to `ends_on`, both included."""

    class Ending(models.TextChoices):
        DUE = "due", _("Llegó a su fecha")
        WITHDRAWN = "withdrawn", _("El servicio fue retirado")
        CANCELLED = "cancelled", _("Anulada")

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="courtesies")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="courtesies")
    kind = models.CharField(_("clase"), max_length=40)  # the code of the offer, policy data of the procedure
    name = models.CharField(_("cortesía"), max_length=160)  # as it was called that day
    cost_bob = models.DecimalField(_("costo para COMTECO (Bs)"), max_digits=12, decimal_places=2, default=0)
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    starts_on = models.DateField(_("desde"))
    ends_on = models.DateField(_("hasta"))
    ended_at = models.DateTimeField(_("terminada el"), null=True, blank=True)
    ended_why = models.CharField(_("por qué terminó"), max_length=10, choices=Ending.choices, blank=True)
    given_at = models.DateTimeField(_("otorgada el"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("cortesía")
        constraints = [
            choice("ended_why", ["due", "withdrawn", "cancelled"], blank=True),
            models.CheckConstraint(condition=Q(kind__gt="", name__gt=""), name="courtesies_courtesy_named"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="courtesies_courtesy_range"),
            models.CheckConstraint(condition=Q(cost_bob__gte=0), name="courtesies_courtesy_cost_not_neg"),
            iff("ended_why_said", Q(ended_at__isnull=False), holds=Q(ended_why__gt="")),
            models.UniqueConstraint(  # R-B13: none of a kind already running
                fields=["customer", "kind"], condition=Q(ended_at__isnull=True), name="courtesies_one_of_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(ended_at__isnull=True), name="courtesies_running")]

    def __str__(self) -> str:
        return self.name
