"""Product orders in the BSS and the Solicitud Contrato de Servicios that goes with each (steps 21–25)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff, not_negative, on_earth
from thaki.records.history import tracked

OPEN_STATES = ("acknowledged", "in_progress")


@tracked()
class ProductOrder(Quick):
    """An order for a plan (TM Forum: ProductOrder). An annulled one is `cancelled`; re-keying makes another."""

    class State(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("Ingresada")
        IN_PROGRESS = "in_progress", _("En ejecución")
        COMPLETED = "completed", _("ATENDIDO/CERRADA")
        CANCELLED = "cancelled", _("Anulada")

    class Action(models.TextChoices):
        NEW = "new", _("Servicio nuevo")
        UPGRADE = "upgrade", _("Mejora de servicio")
        SECOND_SERVICE = "second_service", _("Segundo servicio")

    class PaymentForm(models.TextChoices):
        PREPAID = "prepaid", _("Prepago")
        POSTPAID = "postpaid", _("Pospago")

    number = models.CharField(_("número"), max_length=40, unique=True)
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="orders")
    plan = models.ForeignKey("offers.Plan", on_delete=models.PROTECT, related_name="orders")
    letter = models.ForeignKey(
        "offers.CommercialLetter", null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    action = models.CharField(_("tipo de solicitud"), max_length=16, choices=Action.choices, default=Action.NEW)
    payment_form = models.CharField(_("forma de pago"), max_length=8, choices=PaymentForm.choices)
    tariff_bob = models.DecimalField(_("tarifa mensual (Bs)"), max_digits=12, decimal_places=2)
    installation_bob = models.DecimalField(_("instalación (Bs)"), max_digits=12, decimal_places=2)
    technology = models.CharField(_("tecnología"), max_length=8)
    down_mbps = models.PositiveIntegerField(_("bajada (Mbps)"), default=0)
    access_point = models.ForeignKey(  # whose port is reserved; released when the order is annulled
        "network.AccessPoint", null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    address = models.CharField(_("dirección"), max_length=200)
    address_reference = models.CharField(_("referencia"), max_length=160, blank=True)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    lat = models.FloatField(_("latitud"), null=True, blank=True)
    lon = models.FloatField(_("longitud"), null=True, blank=True)
    contact_phone = models.CharField(_("teléfono de contacto"), max_length=8)
    contact_email = models.EmailField(_("correo de contacto"), blank=True)
    invoice_name = models.CharField(_("factura a nombre de"), max_length=160, blank=True)
    invoice_tax_id = models.CharField(_("NIT/CI de la factura"), max_length=15, blank=True)
    notes = models.CharField(_("observaciones"), max_length=300, blank=True)
    state = models.CharField(_("estado"), max_length=12, choices=State.choices, default=State.ACKNOWLEDGED)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    placed_at = models.DateTimeField(_("ingresada el"))
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(_("en ejecución desde"), null=True, blank=True)
    completed_at = models.DateTimeField(_("atendida el"), null=True, blank=True)
    annulled_at = models.DateTimeField(_("anulada el"), null=True, blank=True)
    annulled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    annul_reason = models.CharField(_("motivo de anulación"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("orden")
        verbose_name_plural = _("órdenes")
        indexes = [
            models.Index(
                fields=["annulled_at"], condition=Q(annulled_at__isnull=False), name="orders_order_annulled_at"
            )
        ]
        constraints = [
            choice("state", ["acknowledged", "in_progress", "completed", "cancelled"]),
            choice("action", ["new", "upgrade", "second_service"]),
            choice("payment_form", ["prepaid", "postpaid"]),
            models.UniqueConstraint(
                fields=["case_ref"], condition=Q(state__in=OPEN_STATES), name="orders_one_open_a_sale"
            ),
            iff("completed_pair", Q(state="completed"), holds=Q(completed_at__isnull=False)),
            iff("annulled_pair", Q(state="cancelled"), holds=Q(annulled_at__isnull=False)),
            iff("annulled_reason", Q(state="cancelled"), holds=Q(annul_reason__gt="")),
            models.CheckConstraint(condition=Q(tariff_bob__gt=0), name="orders_order_tariff_positive"),
            *not_negative("installation_bob"),
            models.CheckConstraint(
                condition=Q(contact_phone__regex=r"^[2-7][0-9]{7}$"), name="orders_order_phone_digits"
            ),
            *on_earth(),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it is still being carried out."""
        return self.state in OPEN_STATES


class ServiceContract(Quick):
    """Solicitud Contrato de Servicios (form F: one original, one copy), printed at 23."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("Preparado")
        PRINTED = "printed", _("Impreso")
        SIGNED = "signed", _("Firmado")
        ARCHIVED = "archived", _("Archivado")

    class Acceptance(models.TextChoices):
        AGENCY = "agency", _("Firma en agencia")
        VISIT = "visit", _("Firma en visita")
        LINK = "link", _("Aceptado en el enlace del cliente")

    order = models.OneToOneField(ProductOrder, on_delete=models.PROTECT, related_name="contract")
    number = models.CharField(_("número"), max_length=40, unique=True)
    state = models.CharField(_("estado"), max_length=8, choices=State.choices, default=State.DRAFTED)
    drafted_at = models.DateTimeField(_("preparado el"))
    printed_at = models.DateTimeField(_("impreso el"), null=True, blank=True)
    prints = models.PositiveSmallIntegerField(_("impresiones"), default=0)
    signed_at = models.DateTimeField(_("firmado el"), null=True, blank=True)
    accepted_how = models.CharField(_("forma de aceptación"), max_length=6, choices=Acceptance.choices, blank=True)
    signed_by_name = models.CharField(_("firmado por"), max_length=160, blank=True)
    archived_at = models.DateTimeField(_("archivado el"), null=True, blank=True)
    archived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("solicitud contrato de servicios")
        verbose_name_plural = _("solicitudes contrato de servicios")
        constraints = [
            choice("state", ["drafted", "printed", "signed", "archived"]),
            iff("signed_pair", Q(state__in=["signed", "archived"]), holds=Q(signed_at__isnull=False)),
            iff(
                "signed_says_how",
                Q(state__in=["signed", "archived"]),
                holds=Q(accepted_how__in=["agency", "visit", "link"]),
            ),
            iff("archived_pair", Q(state="archived"), holds=Q(archived_at__isnull=False)),
            # Accepted on the customer's link, it may never be printed; signed on paper, it was.
            models.CheckConstraint(
                condition=Q(printed_at__isnull=False) | Q(state="drafted") | Q(accepted_how="link"),
                name="orders_contract_printed_before_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.number
