"""Prospects: people who showed an intention to buy on a virtual platform (step 1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.records.constraints import choice, on_earth


class Channel(models.TextChoices):
    """Where the prospect came from."""

    WEB = "web", _("Página web")
    FACEBOOK = "facebook", _("Facebook")
    BOTMAKER = "botmaker", _("Botmaker")
    WHATSAPP = "whatsapp", _("WhatsApp")
    PHONE = "phone", _("Teléfono")
    REFERRAL = "referral", _("Referido")
    OTHER = "other", _("Otro")


class Prospect(models.Model):
    """A prospect with an interest in a service."""

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

    class Meta:
        verbose_name = _("prospecto")
        constraints = [
            choice("channel", Channel.values),
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


class ContactAttempt(models.Model):
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
