"""What COMTECO sells: commercial plans and packages, and the Carta Comercial that quotes them."""

from __future__ import annotations

from typing import Any, cast

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, iff, not_negative
from thaki.records.history import tracked


class Technology(models.TextChoices):
    """How a service reaches the customer."""

    FO = "FO", _("Fibra óptica")
    HFC = "HFC", _("Cable HFC")
    ADSL = "ADSL", _("ADSL")
    WIRELESS = "WIRELESS", _("Inalámbrico")
    TV = "TV", _("Televisión")
    TEL = "TEL", _("Telefonía")


@tracked()
class Plan(Quick):
    """A commercial plan (TM Forum: ProductOffering)."""

    class Kind(models.TextChoices):
        INTERNET = "internet", _("Internet")
        TV = "tv", _("Televisión")
        TELEPHONY = "telephony", _("Telefonía")
        PACKAGE = "package", _("Paquete")

    code = models.CharField(_("código"), max_length=24, unique=True)
    name = models.CharField(_("nombre"), max_length=80)
    technology = models.CharField(_("tecnología"), max_length=8, choices=Technology.choices)
    kind = models.CharField(_("tipo"), max_length=10, choices=Kind.choices)
    down_mbps = models.PositiveIntegerField(_("bajada (Mbps)"), default=0)  # 0: the plan carries no Internet
    up_mbps = models.PositiveIntegerField(_("subida (Mbps)"), default=0)
    tariff_bob = models.DecimalField(_("tarifa mensual (Bs)"), max_digits=12, decimal_places=2)
    installation_bob = models.DecimalField(_("instalación (Bs)"), max_digits=12, decimal_places=2, default=0)
    valid_from_on = models.DateField(_("vigente desde"))
    valid_to_on = models.DateField(_("vigente hasta"), null=True, blank=True)  # the last day included; null: open
    conditions = models.TextField(_("condiciones"), blank=True)
    highlights = models.CharField(_("características"), max_length=200, blank=True)
    components = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="packages")

    class Meta:
        verbose_name = _("plan comercial")
        verbose_name_plural = _("planes comerciales")
        ordering = ["kind", "tariff_bob", "code"]
        constraints = [
            choice("technology", Technology.values),
            choice("kind", ["internet", "tv", "telephony", "package"]),
            models.CheckConstraint(condition=Q(tariff_bob__gt=0), name="offers_plan_tariff_positive"),
            *not_negative("installation_bob"),
            models.CheckConstraint(
                condition=Q(valid_to_on__isnull=True) | Q(valid_to_on__gte=F("valid_from_on")),
                name="offers_plan_validity_range",
            ),
            models.CheckConstraint(
                condition=~Q(kind="internet") | Q(down_mbps__gt=0, up_mbps__gt=0), name="offers_plan_internet_has_speed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    model_name="PlanComponentEvent",
    obj_field=None,
    context_field=pghistory.ContextJSONField(),
    context_id_field=cast(Any, None),  # as in records.history
    append_only=True,
)
class PlanComponent(Plan.components.through):  # type: ignore[name-defined]  # Django makes it
    """What a package is made of, for its history."""

    class Meta:
        proxy = True


@tracked()
class PlanTariff(Quick):
    """What a plan costs from a day on. `Plan` holds the figures of the one in force; letters keep those they were issued with."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tariffs")
    tariff_bob = models.DecimalField(_("tarifa mensual (Bs)"), max_digits=12, decimal_places=2)
    installation_bob = models.DecimalField(_("instalación (Bs)"), max_digits=12, decimal_places=2, default=0)
    conditions = models.TextField(_("condiciones"), blank=True)
    from_on = models.DateField(_("rige desde"))
    to_on = models.DateField(_("rige hasta"), null=True, blank=True)  # the last day included; null: until the next one
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tarifa")
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(tariff_bob__gt=0), name="offers_plantariff_tariff_positive"),
            *not_negative("installation_bob"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="offers_plantariff_range"
            ),
            # A range of one id stands in for its equality: GiST has no operator for that without an extension.
            ExclusionConstraint(
                name="offers_plantariff_no_overlap",
                expressions=[
                    (Func(F("plan"), F("plan"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("from_on"), F("to_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.tariff_bob} ({self.from_on})"


class CommercialLetter(Quick):
    """Carta Comercial (step 8): an offer with its prices, which hold until its date (R-A14)."""

    class State(models.TextChoices):
        ISSUED = "issued", _("Emitida")
        ACCEPTED = "accepted", _("Aceptada")
        REFUSED = "refused", _("Rechazada")
        EXPIRED = "expired", _("Vencida")

    number = models.CharField(_("número"), max_length=40, unique=True)
    case_ref = models.CharField(_("caso"), max_length=24, db_index=True)
    # The customer as he was when the letter was issued: a letter does not change when the record does.
    customer_name = models.CharField(_("nombre"), max_length=160)
    customer_ci = models.CharField(_("CI/NIT"), max_length=20, blank=True)
    customer_address = models.CharField(_("dirección"), max_length=200, blank=True)
    customer_email = models.EmailField(_("correo"), blank=True)
    customer_phone = models.CharField(_("teléfono"), max_length=8, blank=True)
    issued_at = models.DateTimeField(_("emitida el"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    valid_until_on = models.DateField(_("válida hasta"))  # the last day included
    note = models.CharField(_("nota"), max_length=300, blank=True)
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("estado"), max_length=8, choices=State.choices, default=State.ISSUED)
    answered_at = models.DateTimeField(_("respondida el"), null=True, blank=True)
    accepted_plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refusal_reason = models.CharField(_("motivo de rechazo"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("carta comercial")
        verbose_name_plural = _("cartas comerciales")
        constraints = [
            choice("state", ["issued", "accepted", "refused", "expired"]),
            models.UniqueConstraint(
                fields=["case_ref"], condition=Q(state="issued"), name="offers_letter_one_open_a_case"
            ),
            iff("answered_when_not_open", Q(state="issued"), holds=Q(answered_at__isnull=True)),
            iff("accepted_names_a_plan", Q(state="accepted"), holds=Q(accepted_plan__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class LetterItem(Quick):
    """One plan of a letter with the price it had that day."""

    letter = models.ForeignKey(CommercialLetter, on_delete=models.CASCADE, related_name="items")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    technology = models.CharField(max_length=8)
    down_mbps = models.PositiveIntegerField()
    up_mbps = models.PositiveIntegerField()
    tariff_bob = models.DecimalField(max_digits=12, decimal_places=2)
    installation_bob = models.DecimalField(max_digits=12, decimal_places=2)
    conditions = models.TextField(blank=True)

    class Meta:
        verbose_name = _("ítem de la carta")
        constraints = [
            models.UniqueConstraint(fields=["letter", "plan"], name="offers_letteritem_once"),
            models.CheckConstraint(condition=Q(tariff_bob__gt=0), name="offers_letteritem_tariff_positive"),
            *not_negative("installation_bob"),
        ]

    def __str__(self) -> str:
        return self.name
