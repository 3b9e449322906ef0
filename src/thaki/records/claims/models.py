"""Claims ("reclamos") on a service: what failed, when it was said, said again, solved and reopened (RET, step 2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff
from thaki.records.history import tracked


class Product(models.TextChoices):
    """What kind of service it is: the kind of its plan, kept here because a plan may change."""

    INTERNET = "internet", _("Internet")
    TV = "tv", _("Televisión")
    TELEPHONY = "telephony", _("Telefonía")
    PACKAGE = "package", _("Paquete")


class Fault(models.TextChoices):
    """What the customer says is wrong."""

    NO_SERVICE = "no_service", _("Sin servicio")
    CUTS = "cuts", _("Cortes frecuentes")
    UNSTABLE = "unstable", _("Señal inestable")
    SLOW = "slow", _("Lentitud")
    WIFI = "wifi", _("Cobertura WiFi")
    TV = "tv", _("Problemas de TV")
    EXTENSION = "extension", _("Derivado telefónico")
    NOISE = "noise", _("Ruido en la línea")
    OTHER = "other", _("Otro")


@tracked()
class Claim(Quick):
    """A claim on a service. It is open until it is solved, and again from when it is reopened (`is_open`)."""

    class Source(models.TextChoices):
        PHONE = "phone", _("Teléfono")
        COUNTER = "counter", _("Ventanilla")
        WHATSAPP = "whatsapp", _("WhatsApp")
        WEB = "web", _("Página web")
        RETENTION = "retention", _("Retención")
        IMPORT = "import", _("Importado")

    number = models.CharField(_("número"), max_length=40, unique=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="claims", db_index=False)
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="claims", db_index=False
    )
    product = models.CharField(_("producto"), max_length=10, choices=Product.choices)
    fault = models.CharField(_("falla"), max_length=12, choices=Fault.choices)
    description = models.CharField(_("descripción"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(_("reclamado el"))
    solved_at = models.DateTimeField(_("solucionado el"), null=True, blank=True)  # the last time
    solution = models.CharField(_("solución"), max_length=300, blank=True)
    reopened_at = models.DateTimeField(_("reabierto el"), null=True, blank=True)  # the last time
    source = models.CharField(_("origen"), max_length=10, choices=Source.choices, default=Source.PHONE)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("reclamo")
        constraints = [
            choice("product", Product.values),
            choice("fault", Fault.values),
            choice("source", ["phone", "counter", "whatsapp", "web", "retention", "import"]),
            models.CheckConstraint(
                condition=Q(solved_at__isnull=True) | Q(solved_at__gte=F("claimed_at")), name="claims_claim_range"
            ),
            models.CheckConstraint(  # only what was solved is reopened
                condition=Q(reopened_at__isnull=True) | Q(solved_at__isnull=False, reopened_at__gte=F("claimed_at")),
                name="claims_claim_reopened_after_solved",
            ),
            iff("solution", Q(solved_at__isnull=False), holds=Q(solution__gt="")),
        ]
        indexes = [
            models.Index(fields=["customer", "-claimed_at"], name="claims_of_customer"),
            models.Index(fields=["subscription", "-claimed_at"], name="claims_of_subscription"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the fault is there still, as far as is known."""
        return self.solved_at is None or (self.reopened_at is not None and self.reopened_at >= self.solved_at)


class Reiteration(Quick):
    """The customer called again: about a claim still open, or about one that was solved, which is then reopened."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="reiterations")
    at = models.DateTimeField(_("reiterado el"))
    note = models.CharField(_("nota"), max_length=300, blank=True)
    reopens = models.BooleanField(_("reabre"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("reiteración")
        verbose_name_plural = _("reiteraciones")
        constraints = [models.UniqueConstraint(fields=["claim", "at"], name="claims_reiteration_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.at:%d/%m/%Y}"
