"""What Gerencia Comercial decides about the retention and changes without a programmer: offers, Xpress tasks, reasons.

Part of `models`, from where they are imported. The thresholds are policies (`policies.py`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.claims.models import Product
from thaki.records.constraints import choice, not_negative, together
from thaki.records.history import tracked


class OfferKind(models.TextChoices):
    """What is given to the customer (R-B8; RET 14)."""

    REMOVAL = "removal", _("Retiro de factura")
    COMPENSATION = "compensation", _("Compensación")
    COURTESY = "courtesy", _("Cortesía sin costo")


@tracked()
class RetentionOffer(Quick):
    """Something that may be offered to a customer who wants to leave."""

    kind = models.CharField(_("clase"), max_length=12, choices=OfferKind.choices)
    code = models.CharField(_("código"), max_length=40, unique=True)
    name = models.CharField(_("nombre"), max_length=160)
    product = models.CharField(_("producto que necesita"), max_length=10, choices=Product.choices, blank=True)
    technology = models.CharField(_("tecnología que necesita"), max_length=8, blank=True)
    days = models.PositiveSmallIntegerField(
        _("días"), default=30
    )  # how long a courtesy runs, or what is compensated at most
    cost_bob = models.DecimalField(_("costo para COMTECO (Bs)"), max_digits=12, decimal_places=2, default=0)
    script = models.TextField(_("guion de la conversación"), blank=True)
    position = models.PositiveSmallIntegerField(_("orden"), default=0)
    active = models.BooleanField(_("vigente"), default=True)
    valid_from_on = models.DateField(_("vigente desde"), null=True, blank=True)
    valid_to_on = models.DateField(_("vigente hasta"), null=True, blank=True)  # the last day included

    class Meta:
        verbose_name = _("oferta de retención")
        verbose_name_plural = _("ofertas de retención")
        ordering = ("kind", "position", "code")
        constraints = (
            choice("kind", OfferKind.values),
            choice("product", Product.values, blank=True),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=366), name="retention_offer_days"),
            models.CheckConstraint(condition=Q(code__gt="", name__gt=""), name="retention_offer_named"),
            *not_negative("cost_bob"),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class XpressTask(Quick):
    """One of the tasks of the Solución técnica Xpress (RET 7)."""

    code = models.CharField(_("código"), max_length=40, unique=True)
    problem = models.CharField(_("en caso de"), max_length=120)
    name = models.CharField(_("tarea"), max_length=160)
    cost_bob = models.DecimalField(_("costo para COMTECO (Bs)"), max_digits=12, decimal_places=2, default=0)
    position = models.PositiveSmallIntegerField(_("orden"), default=0)
    active = models.BooleanField(_("vigente"), default=True)

    class Meta:
        verbose_name = _("tarea Xpress")
        verbose_name_plural = _("tareas Xpress")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(condition=Q(code__gt="", name__gt=""), name="retention_xpress_named"),
            *not_negative("cost_bob"),
        )

    def __str__(self) -> str:
        return self.name


class Leads(models.TextChoices):
    """Where a motive leads from RET 11 (R-B9)."""

    COMPENSATION = "compensation", _("a una compensación (12)")
    OFFER = "offer", _("a una mejor oferta (14)")
    DAMAGE = "damage", _("a los daños (2 y 3)")
    LEAVE = "leave", _("a la baja")


@tracked()
class RetentionReason(Quick):
    """A structured reason: why a customer wants to leave, refuses an offer, or leaves."""

    code = models.CharField(_("código"), max_length=40, unique=True)
    name = models.CharField(_("motivo"), max_length=120)
    leads = models.CharField(_("lleva"), max_length=12, choices=Leads.choices, default=Leads.LEAVE)
    courtesy = models.BooleanField(_("se le puede ofrecer una cortesía"), default=False)
    of_petition = models.BooleanField(_("se pregunta en el 11"), default=True)
    of_refusal = models.BooleanField(_("se pregunta al no aceptar"), default=True)
    of_withdrawal = models.BooleanField(_("es motivo de baja"), default=True)
    position = models.PositiveSmallIntegerField(_("orden"), default=0)
    active = models.BooleanField(_("vigente"), default=True)

    class Meta:
        verbose_name = _("motivo")
        ordering = ("position", "code")
        constraints = (
            choice("leads", Leads.values),
            models.CheckConstraint(condition=Q(code__gt="", name__gt=""), name="retention_reason_named"),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class GlosaVariant(Quick):
    """The glosa of an order that promises a compensation (R-B8): written once, approved once by the Responsable."""

    text = models.TextField(_("glosa"))
    written_at = models.DateTimeField(_("escrita el"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(_("aprobada el"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("glosa de compensación")
        constraints = (
            models.CheckConstraint(condition=Q(text__gt=""), name="retention_glosa_written"),
            together("approved", "approved_at", "approved_by"),
        )

    def __str__(self) -> str:
        return self.text[:60]
