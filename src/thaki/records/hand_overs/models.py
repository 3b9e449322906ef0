"""What a procedure hands to a neighbouring one, and its acknowledgement: an inbox a unit (RET, R-B1 and R-B4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice


class HandOver(Quick):
    """A message to Gestión de Solicitudes or to Solución de Incidentes."""

    class To(models.TextChoices):
        SOLICITUDES = "solicitudes", _("Gestión de Solicitudes")
        INCIDENTES = "incidentes", _("Solución de Incidentes")

    key = models.CharField(max_length=200, unique=True)  # sending twice with one key sends once
    to = models.CharField(_("a"), max_length=12, choices=To.choices)
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="hand_overs")
    subject = models.CharField(_("asunto"), max_length=160)
    body = models.TextField(_("mensaje"), blank=True)
    sent_at = models.DateTimeField(_("enviado el"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    acknowledged_at = models.DateTimeField(_("recibido el"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("nota"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("traspaso")
        constraints = [
            choice("to", ["solicitudes", "incidentes"]),
            models.CheckConstraint(condition=Q(subject__gt=""), name="hand_overs_handover_subject"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("sent_at")),
                name="hand_overs_handover_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to", "sent_at"], condition=Q(acknowledged_at__isnull=True), name="hand_overs_waiting"
            ),
            models.Index(fields=["to", "-sent_at"], name="hand_overs_newest"),
        ]

    def __str__(self) -> str:
        return self.subject
