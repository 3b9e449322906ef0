"""What is true of a retention: the record behind a case of Evitar bajas (OPE-ASE-FID-P01).

The case knows where it is; this record knows what was found, agreed and done. `facts.py` turns it into the finite facts that
the gateways read.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people import policies
from thaki.people.quick import Quick
from thaki.procedures.retention.offer_models import (
    GlosaVariant,
    Leads,
    OfferKind,
    RetentionOffer,
    RetentionReason,
    XpressTask,
)
from thaki.records.claims.models import Product
from thaki.records.constraints import choice

__all__ = [
    "Affected",
    "Authorisation",
    "Decision",
    "Eligible",
    "Exceptional",
    "GlosaVariant",
    "Leads",
    "NextOffer",
    "OfferKind",
    "Offered",
    "Petition",
    "Quality",
    "Recurrence",
    "Repeated",
    "Request",
    "Retention",
    "RetentionOffer",
    "RetentionReason",
    "Stage",
    "Visit",
    "XpressTask",
]


class Eligible(models.TextChoices):
    """RET 1.1."""

    UNKNOWN = "unknown", _("Sin revisar")
    YES = "yes", _("Puede recibir una oferta")
    NO = "no", _("No puede recibir una oferta")


class Request(models.TextChoices):
    """Whether the request to leave stands (R-B1)."""

    UNKNOWN = "unknown", _("Sin confirmar")
    STANDS = "stands", _("La mantiene")
    DROPPED = "dropped", _("Desiste")
    EXCEPTION = "exception", _("Se pide una excepción")


class Exceptional(models.TextChoices):
    """What the Responsable said of an exception (R-B1)."""

    UNKNOWN = "unknown", _("Sin decidir")
    GRANTED = "granted", _("Autorizada")
    REFUSED = "refused", _("Rechazada")


class Repeated(models.TextChoices):
    """RET 2."""

    UNKNOWN = "unknown", _("Sin revisar")
    YES = "yes", _("Hay daños reiterados sin solución")
    NO = "no", _("No hay daños reiterados")


class Stage(models.TextChoices):
    """Where the agreement comes from: the negotiation for damage (3) or the customer's petition (11)."""

    DAMAGE = "damage", _("Negociación por daños")
    PETITION = "petition", _("Petición del cliente")


class Offered(models.TextChoices):
    """What the customer accepted (RET 3, 12, 14)."""

    UNKNOWN = "unknown", _("Sin respuesta")
    REMOVAL = "removal", _("Retiro de factura")
    COMPENSATION = "compensation", _("Compensación")
    COURTESY = "courtesy", _("Cortesía sin costo")
    NONE = "none", _("No aceptó")


class NextOffer(models.TextChoices):
    """What is tried when 12 or 14 is refused (R-B4)."""

    NONE = "none", _("Nada: se va")
    COMPENSATION = "compensation", _("Compensación")
    COURTESY = "courtesy", _("Cortesía")


class Authorisation(models.TextChoices):
    """Of an amount above the adviser's limit (R-B13)."""

    NOT_NEEDED = "not_needed", _("No hace falta")
    PENDING = "pending", _("Pendiente")
    GRANTED = "granted", _("Autorizado")
    REFUSED = "refused", _("Rechazado")


class Petition(models.TextChoices):
    """RET 11."""

    UNKNOWN = "unknown", _("Sin analizar")
    COMPENSATION = "compensation", _("Compensación")
    OFFER = "offer", _("Mejor oferta")
    DAMAGE = "damage", _("Que se arregle el daño")
    LEAVE = "leave", _("Irse")


class Visit(models.TextChoices):
    """RET 7 and R-B11."""

    UNKNOWN = "unknown", _("Pendiente")
    DONE = "done", _("Hecha")
    ABSENT = "absent", _("Cliente ausente")
    REFUSED = "refused", _("No permitió el ingreso")
    PLANT_FAULT = "plant_fault", _("Falla de planta")
    POSTPONED = "postponed", _("Postergada por el cliente")


class Quality(models.TextChoices):
    """RET 9."""

    UNKNOWN = "unknown", _("Pendiente")
    GOOD = "good", _("Resuelto")
    BAD = "bad", _("Sigue la falla")
    NOT_REACHED = "not_reached", _("No se lo ubicó")


class Recurrence(models.TextChoices):
    """RET 10."""

    UNKNOWN = "unknown", _("Pendiente")
    GOOD = "good", _("No volvió")
    BAD = "bad", _("Volvió")


class Decision(models.TextChoices):
    """What Gerencia Comercial decides when the orders are spent (R-B3)."""

    UNKNOWN = "unknown", _("Pendiente")
    ORDER = "order", _("Otra orden")
    OFFER = "offer", _("Otra oferta")
    CLOSE = "close", _("Cerrar el caso")


def _by() -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class Retention(Quick):
    """One customer who wants to leave, from his reception to a kept service or a baja."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="retention", primary_key=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="retentions")
    adviser = _by()
    received_at = models.DateTimeField()  # when the customer was received: the 30 days of R-B2 end here
    live = models.BooleanField(default=True, editable=False)  # its case has not ended: kept by a trigger on the case

    # 1
    eligible = models.CharField(max_length=8, choices=Eligible.choices, default=Eligible.UNKNOWN)
    vip = models.BooleanField(default=False)
    antecedents = models.JSONField(default=dict, blank=True)  # what was found, as it was shown: codes and figures
    request = models.CharField(max_length=10, choices=Request.choices, default=Request.UNKNOWN)
    exception = models.CharField(max_length=8, choices=Exceptional.choices, default=Exceptional.UNKNOWN)
    exception_reason = models.CharField(max_length=300, blank=True)
    exception_by = _by()
    exception_at = models.DateTimeField(null=True, blank=True)
    fault_live = models.BooleanField(default=False)  # R-B1: a fault that goes to Solución de Incidentes
    fault_note = models.CharField(max_length=300, blank=True)
    # 2
    repeated = models.CharField(max_length=8, choices=Repeated.choices, default=Repeated.UNKNOWN)
    evidence = models.JSONField(default=list, blank=True)  # a verdict a product, with the claims that make it
    subscription = models.ForeignKey(  # the main affected service: the bill, the order and the courtesy are its own
        "customers.Subscription", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # 3, 11 to 14
    motives = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # codes of RetentionReason
    motive_note = models.CharField(max_length=300, blank=True)
    petition = models.CharField(max_length=12, choices=Petition.choices, default=Petition.UNKNOWN)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.PETITION)
    offer = models.CharField(max_length=12, choices=Offered.choices, default=Offered.UNKNOWN)
    next_offer = models.CharField(max_length=12, choices=NextOffer.choices, default=NextOffer.NONE)
    refused = ArrayField(models.CharField(max_length=12), default=list, blank=True)  # kinds that he refused: damage, …
    refusal_reason = models.CharField(max_length=40, blank=True)
    refusal_note = models.CharField(max_length=300, blank=True)
    invoice_month = models.DateField(null=True, blank=True)  # of the invoice removed or compensated, by its first day
    amount_bob = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    days_affected = models.PositiveSmallIntegerField(null=True, blank=True)
    authorisation = models.CharField(max_length=10, choices=Authorisation.choices, default=Authorisation.NOT_NEEDED)
    authorised_by = _by()
    authorised_at = models.DateTimeField(null=True, blank=True)
    authorisation_note = models.CharField(max_length=300, blank=True)
    billing_claim = models.ForeignKey(
        "billing.BillingClaim", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    courtesy = models.ForeignKey(
        "courtesies.Courtesy", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # 5 to 8
    work_order = models.ForeignKey(  # the current one
        "work_orders.WorkOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    further_orders = models.PositiveSmallIntegerField(default=0)  # after the first one (R-B3)
    visit = models.CharField(max_length=12, choices=Visit.choices, default=Visit.UNKNOWN)
    visit_resumes_at = models.DateTimeField(null=True, blank=True)  # R-B11: postponed until then
    order_closed_at = models.DateTimeField(null=True, blank=True)
    # 9, 10
    quality = models.CharField(max_length=12, choices=Quality.choices, default=Quality.UNKNOWN)
    quality_attempts = models.PositiveSmallIntegerField(default=0)
    recurrence = models.CharField(max_length=8, choices=Recurrence.choices, default=Recurrence.UNKNOWN)
    proposal = models.CharField(max_length=600, blank=True)  # the supervisor's, once the orders are spent
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.UNKNOWN)
    decision_note = models.CharField(max_length=600, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)  # only after 10 (R-B3)
    evaluated_in = models.DateField(null=True, blank=True)  # the month of the evaluation that counted it (15)
    # R-B4
    withdrawal = models.ForeignKey(
        "withdrawals.Withdrawal", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    leaving = ArrayField(models.BigIntegerField(), default=list, blank=True)  # the services that he gives up
    withdrawal_reason = models.CharField(max_length=40, blank=True)
    withdrawal_note = models.CharField(max_length=300, blank=True)
    left_at_step = models.CharField(max_length=8, blank=True)  # where he insisted on leaving
    equipment_to_return = models.JSONField(default=list, blank=True)
    certificate_noted = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "-received_at"), name="retention_of_customer"),
            models.Index(fields=("ended_at",), condition=Q(ended_at__isnull=False), name="retention_ended"),
            models.Index(fields=("work_order",), condition=Q(live=True), name="retention_live_order"),
            models.Index(fields=("subscription",), condition=Q(live=True), name="retention_live_subscription"),
        )
        constraints = (
            models.UniqueConstraint(fields=("customer",), condition=Q(live=True), name="retention_one_a_customer"),
            models.CheckConstraint(
                condition=~Q(exception="granted") | Q(exception_by__isnull=False, exception_at__isnull=False),
                name="retention_exception_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(authorisation="granted") | Q(authorised_by__isnull=False, authorised_at__isnull=False),
                name="retention_authorised_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(amount_bob__isnull=True) | Q(amount_bob__gt=0), name="retention_amount_positive"
            ),
        )

    def __str__(self) -> str:
        return f"retention {self.pk}"

    @property
    def orders(self) -> str:
        """Whether a further order may be made (R-B3)."""
        most = policies.get_int("retention.max_further_orders")
        return "room" if self.further_orders < most or self.decision == Decision.ORDER else "exhausted"

    @property
    def visit_due_at(self) -> datetime | None:
        """Until when the technician has to arrive."""
        return self.work_order.due_at if self.work_order else None


class Affected(Quick):
    """One damaged service of the case, with the claims that say so (R-B10)."""

    retention = models.ForeignKey(Retention, on_delete=models.CASCADE, related_name="affected")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=10, choices=Product.choices)
    claims = ArrayField(models.BigIntegerField(), default=list, blank=True)
    main = models.BooleanField(default=False)

    class Meta:
        constraints = (
            choice("product", Product.values),
            models.UniqueConstraint(fields=("retention", "subscription"), name="retention_affected_once"),
            models.UniqueConstraint(fields=("retention",), condition=Q(main=True), name="retention_affected_one_main"),
        )

    def __str__(self) -> str:
        return f"{self.retention_id}: {self.subscription_id}"


import thaki.procedures.retention.evaluation_models  # noqa: E402
import thaki.procedures.retention.quality_models  # noqa: E402, F401 - Django finds an application's models here
