"""What is true of a sale: the record behind a case of Gestión de Ventas Digitales.

The case knows where the sale is; this record knows what was learned and agreed on the way. `facts.py` turns it into the
finite facts that the gateways read.
"""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.procedures.sales.report_models import Goal, GoalChange, ReportBuild, SalesReport, UnservedReport

__all__ = [
    "Capacity",
    "Category",
    "Deposit",
    "FollowUp",
    "Goal",
    "GoalChange",
    "Offer",
    "PaymentForm",
    "PaymentRoute",
    "PaymentStep",
    "ReportBuild",
    "RequestKind",
    "Requirement",
    "Requirements",
    "Sale",
    "SalesReport",
    "Unserved",
    "UnservedReport",
    "UnservedRequest",
    "VisitSchedule",
]


class Category(models.TextChoices):
    """GVD step 2."""

    UNKNOWN = "unknown", _("Sin identificar")
    RESIDENTIAL = "residential", _("Residencial")
    BUSINESS = "business", _("Empresarial")


class RequestKind(models.TextChoices):
    """What the customer is to COMTECO when he asks (R-A10)."""

    NEW = "new", _("Cliente nuevo")
    UPGRADE = "upgrade", _("Mejora de su servicio")
    SECOND = "second", _("Segundo servicio")


class Capacity(models.TextChoices):
    """GVD step 7."""

    UNKNOWN = "unknown", _("Sin revisar")
    YES = "yes", _("Hay capacidad")
    NO = "no", _("No hay capacidad")


class Offer(models.TextChoices):
    """GVD step 8."""

    UNKNOWN = "unknown", _("Sin respuesta")
    ACCEPTED = "accepted", _("Aceptada")
    REFUSED = "refused", _("Rechazada")


class Requirements(models.TextChoices):
    """GVD step 9."""

    UNKNOWN = "unknown", _("Pendientes")
    COMPLETE = "complete", _("Completos")
    RELOCATED = "relocated", _("Cambió la ubicación")


class PaymentForm(models.TextChoices):
    """GVD step 10."""

    UNKNOWN = "unknown", _("Sin elegir")
    PREPAID = "prepaid", _("Prepago")
    POSTPAID = "postpaid", _("Pospago")


class PaymentStep(models.TextChoices):
    """How GVD step 11 ended."""

    UNKNOWN = "unknown", _("Pendiente")
    SENT = "sent", _("Comprobante o recibo enviado")
    CHANGE_FORM = "change_form", _("Cambia la forma de pago")


class PaymentRoute(models.TextChoices):
    """GVD step 11: 11.1 transfer, 11.2 electronic payment on the web page."""

    UNKNOWN = "unknown", _("Sin elegir")
    WEB = "web", _("Pago electrónico en la página web")
    TRANSFER = "transfer", _("Transferencia de banca móvil")


class Deposit(models.TextChoices):
    """GVD step 12."""

    UNKNOWN = "unknown", _("Sin validar")
    GOOD = "good", _("Correcto")
    REJECTED = "rejected", _("No coincide o falta")


class Unserved(models.TextChoices):
    """GVD step 19."""

    UNKNOWN = "unknown", _("Sin decidir")
    TAKE_UP = "take_up", _("Se retoma")
    LEAVE = "leave", _("Se deja sin atender")


class FollowUp(models.TextChoices):
    """GVD step 25."""

    UNKNOWN = "unknown", _("En curso")
    ATTENDED = "attended", _("ATENDIDO/CERRADA")
    REKEY = "rekey", _("Anulada, se redigita")
    ANNULLED = "annulled", _("Anulada en definitiva")


class Sale(Quick):
    """One sale, from the prospect to ATENDIDO/CERRADA."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="sale", primary_key=True)
    prospect = models.ForeignKey("prospects.Prospect", on_delete=models.PROTECT, related_name="sales")
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="sales"
    )
    executive = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    live = models.BooleanField(default=True, editable=False)  # its case has not ended: kept by a trigger on the case

    # 2
    category = models.CharField(max_length=12, choices=Category.choices, default=Category.UNKNOWN)
    # 3
    request_kind = models.CharField(max_length=8, choices=RequestKind.choices, default=RequestKind.NEW)
    installation_address = models.CharField(max_length=200, blank=True)
    installation_reference = models.CharField(max_length=160, blank=True)
    zone = models.CharField(max_length=80, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    # 4
    use_type = models.CharField(max_length=40, blank=True)
    browsing_hours = models.CharField(max_length=40, blank=True)
    customer_record = models.CharField(max_length=300, blank=True)
    special_needs = models.CharField(max_length=300, blank=True)
    wanted_kind = models.CharField(max_length=10, blank=True)  # offers.Plan.kind
    wanted_mbps = models.PositiveIntegerField(null=True, blank=True)
    # 5, 6
    coverage = models.JSONField(default=list, blank=True)  # the verdict by technology as it was shown
    coverage_checked_at = models.DateTimeField(null=True, blank=True)
    reference_numbers = models.JSONField(default=list, blank=True)
    review_note = models.CharField(max_length=300, blank=True)
    # 7
    capacity = models.CharField(max_length=8, choices=Capacity.choices, default=Capacity.UNKNOWN)
    capacity_technology = models.CharField(max_length=8, blank=True)
    max_mbps = models.PositiveIntegerField(null=True, blank=True)
    capacity_reason = models.CharField(max_length=40, blank=True)
    capacity_note = models.CharField(max_length=300, blank=True)
    capacity_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    capacity_at = models.DateTimeField(null=True, blank=True)
    # 8
    offer = models.CharField(max_length=8, choices=Offer.choices, default=Offer.UNKNOWN)
    letter = models.ForeignKey(
        "offers.CommercialLetter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey("offers.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tariff_bob = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # as agreed in the letter
    installation_bob = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    refusal_reason = models.CharField(max_length=40, blank=True)
    refusal_note = models.CharField(max_length=300, blank=True)
    # 9
    requirements = models.CharField(max_length=10, choices=Requirements.choices, default=Requirements.UNKNOWN)
    # 10
    payment_form = models.CharField(max_length=8, choices=PaymentForm.choices, default=PaymentForm.UNKNOWN)
    invoice_name = models.CharField(max_length=160, blank=True)
    invoice_nit = models.CharField(max_length=20, blank=True)
    # 11, 12
    payment_step = models.CharField(max_length=12, choices=PaymentStep.choices, default=PaymentStep.UNKNOWN)
    payment_route = models.CharField(max_length=8, choices=PaymentRoute.choices, default=PaymentRoute.UNKNOWN)
    checkout = models.CharField(max_length=80, blank=True)  # token of the electronic payment under way
    deposit = models.CharField(max_length=8, choices=Deposit.choices, default=Deposit.UNKNOWN)
    deposit_reason = models.CharField(max_length=40, blank=True)
    deposit_note = models.CharField(max_length=300, blank=True)
    payment = models.ForeignKey("billing.Payment", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey("billing.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    invoice_by = models.CharField(max_length=8, blank=True)  # how a web payment's invoice reaches the customer (14)
    billing_agency = models.CharField(max_length=60, blank=True)  # where 16 and 17 are done
    enrolment = models.ForeignKey(
        "billing.RecurringEnrolment", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # 19
    unserved = models.CharField(max_length=8, choices=Unserved.choices, default=Unserved.UNKNOWN)
    unserved_reason = models.CharField(max_length=40, blank=True)
    left_at_step = models.PositiveSmallIntegerField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=40, blank=True)  # R-A7
    withdrawal_note = models.CharField(max_length=300, blank=True)
    # R-A3: the sale left for lack of coverage that this one brings back; one comeback a sale.
    earlier = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="comeback")
    # 20 to 23
    order = models.ForeignKey("orders.ProductOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order_checks = models.JSONField(default=list, blank=True)  # findings of the control de calidad de digitación
    contract = models.ForeignKey(
        "orders.ServiceContract", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # 24: the milestones (R-A6), stamped when reached
    visited_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    presale_at = models.DateTimeField(null=True, blank=True)
    sold_at = models.DateTimeField(null=True, blank=True)
    milestones_confirmed_at = models.DateTimeField(null=True, blank=True)
    # 25
    follow_up = models.CharField(max_length=10, choices=FollowUp.choices, default=FollowUp.UNKNOWN)
    annul_reason = models.CharField(max_length=40, blank=True)
    annul_note = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # ATENDIDO/CERRADA or annulled for good

    class Meta:
        indexes = (
            models.Index(fields=("executive", "sold_at"), name="sales_sale_by_executive"),
            models.Index(fields=("executive", "case"), condition=Q(live=True), name="sales_sale_live"),
            models.Index(fields=("sold_at",), condition=Q(sold_at__isnull=False), name="sales_sale_sold"),
            models.Index(fields=("closed_at",), condition=Q(closed_at__isnull=False), name="sales_sale_closed"),
            models.Index(fields=("unserved_reason",), condition=~Q(unserved_reason=""), name="sales_sale_unserved"),
            BrinIndex(  # the funnel of a month; as small as nothing, and no obstacle to heap-only updates
                fields=("visited_at", "informed_at", "presale_at"), name="sales_sale_milestones", autosummarize=True
            ),
        )
        constraints = (
            # R-A6: in order, none before the one in front of it.
            models.CheckConstraint(
                condition=Q(informed_at=None) | Q(visited_at__isnull=False), name="sales_informed_after_visited"
            ),
            models.CheckConstraint(
                condition=Q(presale_at=None) | Q(informed_at__isnull=False), name="sales_presale_after_informed"
            ),
            models.CheckConstraint(
                condition=Q(sold_at=None) | Q(presale_at__isnull=False), name="sales_sold_after_presale"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False), name="sales_pin_whole"
            ),
            models.CheckConstraint(condition=~Q(capacity="yes") | Q(max_mbps__gt=0), name="sales_capacity_with_speed"),
            models.CheckConstraint(
                condition=~Q(offer="accepted") | Q(plan__isnull=False), name="sales_accepted_a_plan"
            ),
        )

    def __str__(self) -> str:
        return f"sale {self.pk}"

    @property
    def has_money(self) -> bool:
        """Whether money of the customer is in COMTECO's accounts and not given back (R-A4, R-A7)."""
        return self.payment is not None and self.payment.holds_money

    @property
    def has_invoice(self) -> bool:
        """Whether an invoice stands (issued and not voided)."""
        return self.invoice is not None and self.invoice.voided_at is None


class Requirement(Quick):
    """One of the three papers of GVD step 9."""

    class Kind(models.TextChoices):
        """Which paper."""

        ID_CARD = "id_card", _("Carnet de identidad")
        LOCATION = "location", _("Ubicación para la instalación")
        LETTER = "letter", _("Carta de solicitud")

    class State(models.TextChoices):
        """How far it is."""

        PENDING = "pending", _("Pendiente")
        RECEIVED = "received", _("Recibido")
        ACCEPTED = "accepted", _("Aceptado")
        REJECTED = "rejected", _("Rechazado")

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=10, blank=True)  # email, whatsapp, link, agency
    lat = models.FloatField(null=True, blank=True)  # of the location: the pin that the customer set on his link
    lon = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # of a rejection
    received_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sale", "kind"), name="sales_requirement_once"),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False, kind="location"),
                name="sales_requirement_pin",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="sales_requirement_rejected_why"
            ),
        )


class VisitSchedule(models.Model):
    """Cronograma de visita: date, time and place of the visit to a business customer (GVD definitions, R-A11)."""

    sale = models.OneToOneField(Sale, on_delete=models.CASCADE, related_name="visit")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=120)
    contact_phone = models.CharField(max_length=8)
    note = models.CharField(max_length=300, blank=True)


class ProspectTurn(models.Model):
    """When somebody was last given a prospect by turn."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.given_at}"


class UnservedRequest(Quick):
    """One arrival at GVD step 19, with its reason and what was decided: the rows of the Reporte de solicitudes no atendidas."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="unserved_requests")
    reason = models.CharField(max_length=40)
    left_at_step = models.PositiveSmallIntegerField()
    arrived_at = models.DateTimeField()
    # What was asked for and where, as it was when it arrived: the list, the map and the chart are read from here alone.
    zone = models.CharField(max_length=80, blank=True, default="")
    technology = models.CharField(max_length=8, blank=True, default="")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=Unserved.choices, default=Unserved.UNKNOWN)
    note = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=("arrived_at",), condition=Q(decided_at=None), name="sales_unserved_open"),
            models.Index(fields=("arrived_at", "id"), name="sales_unserved_arrived"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(decision="unknown", decided_at=None)
                | (~Q(decision="unknown") & Q(decided_at__isnull=False)),
                name="sales_unserved_decided_when",
            ),
        )
