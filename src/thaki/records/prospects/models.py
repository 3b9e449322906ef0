"""Prospects: people who showed an intention to buy on a virtual platform (step 1)."""

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
from thaki.records.prospects.rules_duplicates import keys_of
from thaki.records.text import trigrams


class Channel(models.TextChoices):
    """Where the prospect came from."""

    WEB = "web", _("Página web")
    FACEBOOK = "facebook", _("Facebook")
    BOTMAKER = "botmaker", _("Botmaker")
    WHATSAPP = "whatsapp", _("WhatsApp")
    PHONE = "phone", _("Teléfono")
    REFERRAL = "referral", _("Referido")
    OTHER = "other", _("Otro")


class Prospect(Quick):
    """A prospect with an interest in a service.

    One of a campaign's file waits in the base (`base`) until somebody takes him or he is given out: only then a case opens.
    """

    class Standing(models.TextChoices):
        """Whether somebody works on him."""

        BASE = "base", _("Por repartir")
        TAKEN = "taken", _("En atención")

    channel = models.CharField(_("canal"), max_length=10, choices=Channel.choices)
    external_ref = models.CharField(
        _("identificador del canal"), max_length=120, blank=True
    )  # the channel's own id: twice is once
    campaign = models.CharField(_("campaña"), max_length=80, blank=True)
    name = models.CharField(_("nombre"), max_length=160)
    phone = models.CharField(_("teléfono"), max_length=8, blank=True, db_index=True)
    email = models.EmailField(_("correo electrónico"), blank=True)
    interest = models.CharField(_("interés"), max_length=80, blank=True)
    message = models.TextField(_("mensaje"), blank=True)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    address = models.CharField(_("dirección"), max_length=200, blank=True)
    lat = models.FloatField(_("latitud"), null=True, blank=True)
    lon = models.FloatField(_("longitud"), null=True, blank=True)
    received_at = models.DateTimeField(_("recibido el"), db_index=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ci_number = models.CharField(_("carnet de identidad"), max_length=10, blank=True, default="")
    standing = models.CharField(max_length=5, choices=Standing.choices, default=Standing.TAKEN)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    # Keys worked out from the row (`rules_duplicates`, `records.text`); `save` keeps them, bulk builders call `refresh_keys`.
    keys = ArrayField(models.TextField(), editable=False, default=list)
    trigrams = ArrayField(models.TextField(), editable=False, default=list)
    compared = models.BooleanField(default=False)  # with the others, since its data last changed

    class Meta:
        verbose_name = _("prospecto")
        indexes = [
            # Without a list of pending entries: an import looks up what it has just entered.
            GinIndex(fields=["keys"], name="prospects_prospect_keys", fastupdate=False),
            GinIndex(fields=["trigrams"], name="prospects_prospect_trigrams"),
            models.Index(
                fields=["received_at", "id"],
                condition=Q(standing="base", merged_into=None),
                name="prospects_prospect_base",
            ),
            models.Index(fields=["id"], condition=Q(compared=False), name="prospects_prospect_compare"),
        ]
        constraints = [
            choice("channel", Channel.values),
            choice("standing", ["base", "taken"]),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="prospects_prospect_not_into_itself"),
            models.CheckConstraint(condition=Q(name__gt=""), name="prospects_prospect_named"),
            models.CheckConstraint(
                condition=Q(phone__gt="") | Q(email__gt=""), name="prospects_prospect_can_be_reached"
            ),
            models.CheckConstraint(
                condition=Q(phone__regex=r"^([2-7][0-9]{7})?$"), name="prospects_prospect_phone_digits"
            ),
            models.UniqueConstraint(
                fields=["channel", "external_ref"],
                condition=Q(external_ref__gt=""),
                name="prospects_prospect_external_once",
            ),
            *on_earth(),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with its keys."""
        self.refresh_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "keys", "trigrams", "compared"}
        super().save(*args, **kwargs)

    def refresh_keys(self) -> None:
        """Work the keys out anew; if they changed, it has to be compared with the others again."""
        keys = keys_of(self)
        if keys != self.keys or not self.trigrams:
            self.keys, self.trigrams, self.compared = keys, trigrams(self.name), False


class Likeness(Quick):
    """Two prospects who may be one person: proposed, until people say what they are."""

    class State(models.TextChoices):
        """What people said."""

        OPEN = "open", _("Por decidir")
        MERGED = "merged", _("Unidos")
        APART = "apart", _("Son distintos")

    one = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="+")  # the smaller id
    other = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)  # reasons: code and params
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(F("score").desc(), "id", condition=Q(state="open"), name="prospects_likeness_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="prospects_likeness_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="prospects_likeness_in_order"),
            choice("state", ["open", "merged", "apart"]),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}~{self.other_id} {self.score}"


class Merge(Quick):
    """That one prospect was merged into another: what it filled in the one who stays, so that it can be undone."""

    survivor = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="+")
    filled = models.JSONField(default=dict)  # field of the survivor: value taken from the other
    score = models.PositiveSmallIntegerField(default=0)
    evidence = models.JSONField(default=list)
    held_ref = models.CharField(max_length=30, blank=True, default="")  # number of the case that rests meanwhile
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("unión de prospectos")
        indexes = [models.Index(fields=["-at", "-id"], name="prospects_merge_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="prospects_merge_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="prospects_merge_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class ContactAttempt(Quick):
    """A try to reach a prospect wherever he is awaited (R-A9)."""

    class Result(models.TextChoices):
        NO_ANSWER = "no_answer", _("No contesta")
        CALL_BACK = "call_back", _("Volver a llamar")
        NOT_INTERESTED = "not_interested", _("No interesado")
        FALSE_DATA = "false_data", _("Datos falsos")
        TALKED = "talked", _("Se conversó")

    class Way(models.TextChoices):
        CALL = "call", _("Llamada")
        WHATSAPP = "whatsapp", _("WhatsApp")
        EMAIL = "email", _("Correo electrónico")
        FACEBOOK = "facebook", _("Facebook")
        VISIT = "visit", _("Visita")

    prospect = models.ForeignKey(Prospect, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("fecha y hora"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(_("medio"), max_length=10, choices=Way.choices)
    result = models.CharField(_("resultado"), max_length=16, choices=Result.choices)
    call_back_at = models.DateTimeField(_("volver a llamar el"), null=True, blank=True)
    note = models.CharField(_("nota"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("intento de contacto")
        verbose_name_plural = _("intentos de contacto")
        ordering = ["at", "id"]
        constraints = [
            choice("result", ["no_answer", "call_back", "not_interested", "false_data", "talked"]),
            choice("channel", ["call", "whatsapp", "email", "facebook", "visit"]),
            models.CheckConstraint(
                condition=Q(result="call_back", call_back_at__isnull=False, call_back_at__gt=F("at"))
                | (~Q(result="call_back") & Q(call_back_at__isnull=True)),
                name="prospects_attempt_call_back_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.at:%Y-%m-%d %H:%M}"
