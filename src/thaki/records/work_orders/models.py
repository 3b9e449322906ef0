"""Work orders ("órdenes de trabajo"): an engineering service at the customer's home, its clock, its technician (RET, 5 to 8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.claims.models import Product
from thaki.records.constraints import choice, iff, not_negative, on_earth, together
from thaki.records.history import tracked

ACTIVITY_CODE = "40530"
ACTIVITY = "40530 PEX/Adecuación por Retención"
PAYMENT_FORM = "Crédito"
OPEN_STATES = ("issued", "printed", "scheduled", "on_site")


@tracked()
class WorkOrder(Quick):
    """An order of *Servicio de Ingeniería*. Its 24 hours run from `issued_at` to `arrived_at`; a pause moves `due_at`."""

    class State(models.TextChoices):
        ISSUED = "issued", _("Emitida")
        PRINTED = "printed", _("Impresa")
        SCHEDULED = "scheduled", _("Agendada")
        ON_SITE = "on_site", _("En el domicilio")
        CLOSED = "closed", _("Cerrada")
        CANCELLED = "cancelled", _("Cancelada")

    number = models.CharField(_("número"), max_length=40, unique=True)
    key = models.CharField(max_length=200, unique=True)  # posting twice with one key makes one order
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="work_orders")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="work_orders")
    product = models.CharField(_("producto"), max_length=10, choices=Product.choices)
    activity_code = models.CharField(_("código de actividad"), max_length=12, default=ACTIVITY_CODE)
    activity = models.CharField(_("actividad"), max_length=120, default=ACTIVITY)
    payment_form = models.CharField(_("forma de pago"), max_length=20, default=PAYMENT_FORM)
    charge_bob = models.DecimalField(_("valor a cobrar (Bs)"), max_digits=12, decimal_places=2, default=0)
    observations = models.TextField(_("observaciones"))  # the glosa
    # The place and whom to call, as they were when the order was made.
    address = models.CharField(_("dirección"), max_length=200, blank=True)
    address_reference = models.CharField(_("referencia"), max_length=160, blank=True)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    lat = models.FloatField(_("latitud"), null=True, blank=True)
    lon = models.FloatField(_("longitud"), null=True, blank=True)
    contact_name = models.CharField(_("contacto"), max_length=160, blank=True)
    contact_phone = models.CharField(_("celular de contacto"), max_length=8, blank=True)
    state = models.CharField(_("estado"), max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField(_("emitida el"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(_("llegada hasta"))
    agreed_from = models.DateTimeField(_("hora acordada, desde"), null=True, blank=True)
    agreed_to = models.DateTimeField(_("hora acordada, hasta"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="work_orders"
    )
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField(_("asignada el"), null=True, blank=True)
    printed_at = models.DateTimeField(_("impresa el"), null=True, blank=True)
    prints = models.PositiveSmallIntegerField(_("impresiones"), default=0)
    # Beside the server's time, which rules, stands what the telephone's clock said.
    arrived_at = models.DateTimeField(_("llegada"), null=True, blank=True)
    arrived_device_at = models.DateTimeField(_("llegada, según el teléfono"), null=True, blank=True)
    arrived_lat = models.FloatField(null=True, blank=True)
    arrived_lon = models.FloatField(null=True, blank=True)
    review = models.TextField(_("revisión"), blank=True)  # what the technician found, going through everything
    closed_at = models.DateTimeField(_("cerrada el"), null=True, blank=True)
    closed_device_at = models.DateTimeField(_("cerrada, según el teléfono"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    result = models.CharField(_("resultado"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("cancelada el"), null=True, blank=True)
    cancelled_why = models.CharField(_("motivo de cancelación"), max_length=200, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    paused_at = models.DateTimeField(_("en pausa desde"), null=True, blank=True)
    resumes_at = models.DateTimeField(_("se retoma el"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # grows with each change that a telephone must know of

    class Meta:
        verbose_name = _("orden de trabajo")
        verbose_name_plural = _("órdenes de trabajo")
        constraints = [
            choice("state", ["issued", "printed", "scheduled", "on_site", "closed", "cancelled"]),
            choice("product", Product.values),
            models.UniqueConstraint(
                fields=["case_ref"], condition=Q(state__in=OPEN_STATES), name="work_orders_one_open_a_case"
            ),
            models.CheckConstraint(condition=Q(observations__gt=""), name="work_orders_order_has_glosa"),
            models.CheckConstraint(condition=Q(due_at__gt=F("issued_at")), name="work_orders_order_due_after_issue"),
            models.CheckConstraint(
                condition=Q(agreed_from__isnull=True, agreed_to__isnull=True)
                | Q(agreed_from__isnull=False, agreed_to__isnull=False, agreed_to__gt=F("agreed_from")),
                name="work_orders_order_agreed_range",
            ),
            models.CheckConstraint(  # a technician's row may go; when he was named stays
                condition=Q(assigned_to__isnull=True) | Q(assigned_at__isnull=False),
                name="work_orders_order_assigned_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["on_site", "closed"]) | Q(arrived_at__isnull=False),
                name="work_orders_order_arrived_before_closed",
            ),
            iff("closed_pair", Q(state="closed"), holds=Q(closed_at__isnull=False)),
            iff("cancelled_pair", Q(state="cancelled"), holds=Q(cancelled_at__isnull=False)),
            iff("cancelled_reason", Q(state="cancelled"), holds=Q(cancelled_why__gt="")),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(resumes_at__isnull=True) | Q(resumes_at__gt=F("paused_at")),
                name="work_orders_order_pause_range",
            ),
            together("arrived_place", "arrived_lat", "arrived_lon"),
            *not_negative("charge_bob"),
            models.CheckConstraint(
                condition=Q(contact_phone__regex=r"^([2-7][0-9]{7})?$"), name="work_orders_order_phone_digits"
            ),
            *on_earth(),
        ]
        indexes = [
            # What the supervisor's board and a technician's telephone read; closed orders weigh nothing in them.
            models.Index(fields=["due_at"], condition=Q(state__in=OPEN_STATES), name="work_orders_open_due"),
            models.Index(
                fields=["assigned_to", "due_at"], condition=Q(state__in=OPEN_STATES), name="work_orders_open_of"
            ),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="work_orders_closed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether there is a visit to make still."""
        return self.state in OPEN_STATES


class WorkOrderTask(Quick):
    """One of the Xpress tasks on an order: what was found and what was done. The task's code is policy data of the procedure."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="tasks")
    task = models.CharField(_("tarea"), max_length=40)  # the code of an Xpress task
    name = models.CharField(_("nombre"), max_length=160, blank=True)  # as it was called that day
    found = models.CharField(_("lo que se encontró"), max_length=500, blank=True)
    done = models.CharField(_("lo que se hizo"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("hecha el"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("tarea de la orden")
        verbose_name_plural = _("tareas de la orden")
        constraints = [
            models.UniqueConstraint(fields=["order", "task"], name="work_orders_task_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done__gt=""), name="work_orders_task_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.task


class Material(Quick):
    """What was used on the visit."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="materials")
    code = models.CharField(_("código"), max_length=40, blank=True)
    name = models.CharField(_("material"), max_length=120)
    quantity = models.DecimalField(_("cantidad"), max_digits=8, decimal_places=2)
    unit = models.CharField(_("unidad"), max_length=12, default="u")

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materiales")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="work_orders_material_some"),
            models.CheckConstraint(condition=Q(name__gt=""), name="work_orders_material_named"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} {self.name}"


class VisitPhoto(Quick):
    """A photograph taken on the visit."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Antes")
        AFTER = "after", _("Después")
        ABSENCE = "absence", _("Constancia de ausencia")

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="photos")
    kind = models.CharField(_("clase"), max_length=8, choices=Kind.choices)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("recibida el"))
    taken_device_at = models.DateTimeField(_("tomada, según el teléfono"), null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("fotografía")
        constraints = [choice("kind", ["before", "after", "absence"]), *on_earth()]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class VisitSignature(Quick):
    """The customer's signature on a paper of the visit, and the PDF that carries it."""

    class Paper(models.TextChoices):
        SERVICE_SHEET = "service_sheet", _("Hoja de Servicio")
        WORK_ORDER = "work_order", _("Orden de Trabajo")
        DAMAGE_REPORT = "damage_report", _("Reporte de Daño Técnico")

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="signatures")
    paper = models.CharField(_("documento"), max_length=16, choices=Paper.choices)
    signer_name = models.CharField(_("firmado por"), max_length=160)
    signer_ci = models.CharField(_("carnet"), max_length=20, blank=True)
    image = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey("documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("firmado el"))
    signed_device_at = models.DateTimeField(_("firmado, según el teléfono"), null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("firma")
        constraints = [
            choice("paper", ["service_sheet", "work_order", "damage_report"]),
            models.UniqueConstraint(fields=["order", "paper"], name="work_orders_signature_once_a_paper"),
            models.CheckConstraint(condition=Q(signer_name__gt=""), name="work_orders_signature_named"),
            *on_earth(),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.paper}"


class ServiceCheck(Quick):
    """Whether a service of the customer works when the technician leaves: "servicios en óptimo funcionamiento", one by one."""

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="checks")
    subscription = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="+")
    works = models.BooleanField(_("funciona"))
    note = models.CharField(_("nota"), max_length=300, blank=True)
    at = models.DateTimeField(_("probado el"))

    class Meta:
        verbose_name = _("prueba de servicio")
        verbose_name_plural = _("pruebas de servicio")
        constraints = [models.UniqueConstraint(fields=["order", "subscription"], name="work_orders_check_once")]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.works}"


class VisitFailure(Quick):
    """A visit that could not be made (R-B11)."""

    class Kind(models.TextChoices):
        ABSENT = "absent", _("Cliente ausente")
        REFUSED = "refused", _("No permitió el ingreso")
        PLANT_FAULT = "plant_fault", _("Falla de planta externa")
        POSTPONED = "postponed", _("Postergada por el cliente")

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="failures")
    kind = models.CharField(_("clase"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("ocurrió el"))
    device_at = models.DateTimeField(_("según el teléfono"), null=True, blank=True)
    note = models.CharField(_("nota"), max_length=300, blank=True)
    proof = models.ForeignKey("documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(_("hasta"), null=True, blank=True)  # postponed: the clock stands still until then
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("visita fallida")
        verbose_name_plural = _("visitas fallidas")
        constraints = [
            choice("kind", ["absent", "refused", "plant_fault", "postponed"]),
            models.CheckConstraint(
                condition=~Q(kind="absent") | Q(proof__isnull=False), name="work_orders_failure_absence_proven"
            ),
            models.CheckConstraint(
                condition=~Q(kind="postponed") | Q(until__isnull=False, until__gt=F("at")),
                name="work_orders_failure_postponed_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class Submission(Quick):
    """What a technician's telephone sent, once a key: sent twice it counts once; what conflicts is kept, never lost."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("Recibido")
        CONFLICT = "conflict", _("En conflicto")
        REFUSED = "refused", _("Rechazado")

    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.SET_NULL, related_name="submissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField(_("recibido el"))
    device_at = models.DateTimeField(_("según el teléfono"), null=True, blank=True)
    sent_device_at = models.DateTimeField(_("enviado, según el teléfono"), null=True, blank=True)
    skew_s = models.BigIntegerField(
        _("adelanto del teléfono (s)"), null=True, blank=True
    )  # its clock less the server's
    kind = models.CharField(_("clase"), max_length=24)
    payload_hash = models.CharField(max_length=64)
    payload = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(_("desenlace"), max_length=8, choices=Outcome.choices)
    conflict = models.JSONField(_("conflicto"), default=dict, blank=True)
    settled_at = models.DateTimeField(_("resuelto el"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("envío del teléfono")
        verbose_name_plural = _("envíos del teléfono")
        constraints = [
            choice("outcome", ["applied", "conflict", "refused"]),
            models.CheckConstraint(
                condition=Q(payload_hash__regex=r"^[0-9a-f]{64}$"), name="work_orders_submission_hash"
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(outcome="conflict", settled_at__isnull=True),
                name="work_orders_conflicts",
            )
        ]

    def __str__(self) -> str:
        return self.key
