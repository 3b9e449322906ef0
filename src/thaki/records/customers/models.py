"""Customers (socios/clientes), their telephones, their services and what they owe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, on_earth
from thaki.records.customers.rules import CI_DEPARTMENTS
from thaki.records.history import tracked
from thaki.records.text import name_keys, sort_key, trigrams


class Category(models.TextChoices):
    """Step 2: what kind of customer it is."""

    RESIDENTIAL = "residential", _("Residencial")
    BUSINESS = "business", _("Empresarial")


class Bond(models.TextChoices):
    """COMTECO is a cooperative: a customer may be a member of it."""

    MEMBER = "member", _("Socio")
    CLIENT = "client", _("Cliente")


class Segment(models.TextChoices):
    """The value segment."""

    REGULAR = "regular", _("Regular")
    VIP = "vip", _("VIP")


@tracked(exclude=("name_keys", "trigrams", "sort_key"))
class Customer(Quick):
    """A person or company registered ("catastrado") as socio/cliente."""

    code = models.CharField(_("código"), max_length=40, unique=True)
    category = models.CharField(_("categoría"), max_length=12, choices=Category.choices, default=Category.RESIDENTIAL)
    bond = models.CharField(_("vínculo"), max_length=8, choices=Bond.choices, default=Bond.CLIENT)
    segment = models.CharField(_("segmento"), max_length=8, choices=Segment.choices, default=Segment.REGULAR)
    given_names = models.CharField(_("nombres"), max_length=80, blank=True)
    surnames = models.CharField(_("apellidos"), max_length=80, blank=True)  # father's first
    business_name = models.CharField(_("razón social"), max_length=120, blank=True)
    ci_number = models.CharField(_("carnet de identidad"), max_length=10, blank=True)
    ci_complement = models.CharField(_("complemento"), max_length=2, blank=True)
    ci_department = models.CharField(_("expedido en"), max_length=2, blank=True)
    nit = models.CharField(_("NIT"), max_length=15, blank=True)
    birth_on = models.DateField(_("fecha de nacimiento"), null=True, blank=True)
    email = models.EmailField(_("correo electrónico"), blank=True)
    email_bounced = models.BooleanField(_("correo devuelto"), default=False)
    address = models.CharField(_("dirección"), max_length=200, blank=True)
    address_reference = models.CharField(_("referencia"), max_length=160, blank=True)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    lat = models.FloatField(_("latitud"), null=True, blank=True)
    lon = models.FloatField(_("longitud"), null=True, blank=True)
    registered_at = models.DateTimeField(_("catastrado el"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Keys worked out from the name (see `thaki.records.text`); `save` keeps them, bulk builders call `refresh_keys`.
    sort_key = models.CharField(max_length=200, editable=False)
    name_keys = ArrayField(models.TextField(), editable=False, default=list)
    trigrams = ArrayField(models.TextField(), editable=False, default=list)

    class Meta:
        verbose_name = _("socio/cliente")
        verbose_name_plural = _("socios/clientes")
        constraints = [
            choice("category", Category.values),
            choice("bond", Bond.values),
            choice("segment", Segment.values),
            choice("ci_department", list(CI_DEPARTMENTS), blank=True),
            models.CheckConstraint(
                condition=Q(given_names__gt="", surnames__gt="") | Q(business_name__gt=""),
                name="customers_customer_named",
            ),
            models.CheckConstraint(
                condition=Q(ci_number__regex=r"^([0-9]{4,10})?$"), name="customers_customer_ci_digits"
            ),
            models.CheckConstraint(
                condition=Q(ci_complement="") | Q(ci_complement__regex=r"^[0-9][A-Z]$", ci_number__gt=""),
                name="customers_customer_ci_complement",
            ),
            models.CheckConstraint(condition=Q(nit__regex=r"^([0-9]{5,15})?$"), name="customers_customer_nit_digits"),
            models.UniqueConstraint(
                fields=["ci_number", "ci_complement"],
                condition=Q(ci_number__gt=""),
                name="customers_customer_ci_unique",
            ),
            *on_earth(),
        ]
        indexes = [
            models.Index(fields=["nit"], condition=Q(nit__gt=""), name="customers_nit"),
            models.Index(models.functions.Lower("email"), condition=Q(email__gt=""), name="customers_email"),
            models.Index(fields=["sort_key"], name="customers_sort"),
            models.Index(fields=["zone", "sort_key"], name="customers_zone"),
            # The few of a kind, in the register's order: without these, a filter that nobody fits would walk all of it.
            models.Index(fields=["sort_key"], condition=Q(segment="vip"), name="customers_vips"),
            models.Index(fields=["sort_key"], condition=Q(category="business"), name="customers_businesses"),
            GinIndex(fields=["name_keys"], name="customers_name_keys", fastupdate=False),
            GinIndex(fields=["trigrams"], name="customers_trigrams", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given names and surnames, or the company's name."""
        return self.business_name or self.person_name

    @property
    def person_name(self) -> str:
        """The person's own name: of a company, who stands for it."""
        return f"{self.given_names} {self.surnames}".strip()

    @property
    def ci(self) -> str:
        """The identity card as printed on it: `4567890-1A CB`."""
        complement = f"-{self.ci_complement}" if self.ci_complement else ""
        return f"{self.ci_number}{complement} {self.ci_department}".strip()

    @property
    def main_phone(self) -> str:
        """The number to call first; "" when none is known. Reads the telephones, so lists prefetch them."""
        phones = sorted(self.phones.all(), key=lambda p: (not p.is_main, p.kind != "mobile", p.number))
        return phones[0].number if phones else ""

    @property
    def tax_id(self) -> str:
        """What an invoice carries: the NIT, or else the CI's digits."""
        return self.nit or self.ci_number

    def refresh_keys(self) -> None:
        """Work out the stored keys from the names."""
        family_first = self.business_name or f"{self.surnames} {self.given_names}"
        self.sort_key = sort_key(family_first)
        self.name_keys = name_keys(family_first)
        self.trigrams = trigrams(f"{family_first} {self.business_name and self.surnames}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the keys brought up to date."""
        self.refresh_keys()
        update_fields = kwargs.get("update_fields")
        if update_fields is not None:
            kwargs["update_fields"] = {*update_fields, "sort_key", "name_keys", "trigrams"}
        super().save(*args, **kwargs)


class Phone(Quick):
    """A telephone of a customer: 8 digits (mobile 6/7…, fixed with its area digit)."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Celular")
        FIXED = "fixed", _("Fijo")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("número"), max_length=8, db_index=True)
    kind = models.CharField(_("tipo"), max_length=6, choices=Kind.choices)
    is_whatsapp = models.BooleanField(_("tiene WhatsApp"), default=False)
    is_main = models.BooleanField(_("principal"), default=False)

    class Meta:
        verbose_name = _("teléfono")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="customers_phone_once"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="customers_phone_one_main"),
            models.CheckConstraint(
                condition=Q(kind="mobile", number__regex=r"^[67][0-9]{7}$")
                | Q(kind="fixed", number__regex=r"^[234][0-9]{7}$", is_whatsapp=False),
                name="customers_phone_numbering_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Subscription(Quick):
    """A service that a customer has or had (TM Forum: Product)."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Activo")
        WITHDRAWN = "withdrawn", _("Retirado")
        WITHDRAWN_FOR_ARREARS = "withdrawn_for_arrears", _("Retirado por mora")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    plan = models.ForeignKey("offers.Plan", on_delete=models.PROTECT, related_name="subscriptions")
    line = models.ForeignKey(
        "network.Line", null=True, blank=True, on_delete=models.SET_NULL, related_name="subscriptions"
    )
    technology = models.CharField(_("tecnología"), max_length=8)
    number = models.CharField(_("número de servicio"), max_length=16)
    status = models.CharField(_("estado"), max_length=24, choices=Status.choices, default=Status.ACTIVE)
    since_on = models.DateField(_("desde"))
    ended_on = models.DateField(_("hasta"), null=True, blank=True)

    class Meta:
        verbose_name = _("servicio")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="active", ended_on__isnull=True)
                | Q(status__in=["withdrawn", "withdrawn_for_arrears"], ended_on__isnull=False),
                name="customers_subscription_ended_when_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since_on")), name="customers_subscription_range"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(status="active"), name="customers_subscription_number_active_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"


class Debt(Quick):
    """An amount that a customer owes."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="debts")
    subscription = models.ForeignKey(
        Subscription, null=True, blank=True, on_delete=models.SET_NULL, related_name="debts"
    )
    concept = models.CharField(_("concepto"), max_length=120)
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("vence el"))
    settled_at = models.DateTimeField(_("pagada el"), null=True, blank=True)

    class Meta:
        verbose_name = _("deuda")
        constraints = [models.CheckConstraint(condition=Q(amount_bob__gt=0), name="customers_debt_positive")]
        indexes = [models.Index(fields=["customer"], condition=Q(settled_at__isnull=True), name="customers_debt_open")]

    def __str__(self) -> str:
        return f"{self.concept}: Bs {self.amount_bob}"


class ServiceRequest(Quick):
    """A request of the customer that the BSS has (transfer, change of plan, claim…); open ones are warned of (R-A10)."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("Reclamo")
        TRANSFER = "transfer", _("Traslado")
        PLAN_CHANGE = "plan_change", _("Cambio de plan")
        WITHDRAWAL = "withdrawal", _("Baja")
        OTHER = "other", _("Otra")

    number = models.CharField(_("número"), max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="requests")
    subscription = models.ForeignKey(
        Subscription, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    kind = models.CharField(_("tipo"), max_length=12, choices=Kind.choices)
    summary = models.CharField(_("resumen"), max_length=160, blank=True)
    opened_at = models.DateTimeField(_("abierta el"))
    closed_at = models.DateTimeField(_("cerrada el"), null=True, blank=True)

    class Meta:
        verbose_name = _("solicitud")
        verbose_name_plural = _("solicitudes")
        constraints = [
            choice("kind", ["claim", "transfer", "plan_change", "withdrawal", "other"]),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="customers_servicerequest_range",
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(closed_at__isnull=True), name="customers_request_open")
        ]

    def __str__(self) -> str:
        return self.number
