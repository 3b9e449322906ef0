"""The network as far as selling needs it: where it reaches, where it can be joined, and how well its lines work."""

from __future__ import annotations

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice, not_negative, on_earth
from thaki.records.network.fields import PointField, Spot
from thaki.records.network.rules import ACCESS_TECHNOLOGIES, LONGITUDE_SCALE


def _spot() -> models.GeneratedField:
    """The generated, indexed point of `lat` and `lon`."""
    return models.GeneratedField(
        expression=Spot(F("lon") * Value(LONGITUDE_SCALE), F("lat")), output_field=PointField(), db_persist=True
    )


class CoverageArea(Quick):
    """A zone that a technology reaches, as a GeoJSON polygon with its bounding box."""

    name = models.CharField(_("nombre"), max_length=80)
    technology = models.CharField(_("tecnología"), max_length=8)
    polygon = models.JSONField(_("polígono"))  # GeoJSON Polygon: coordinates are rings of [lon, lat]
    min_lat = models.FloatField()
    max_lat = models.FloatField()
    min_lon = models.FloatField()
    max_lon = models.FloatField()
    max_mbps = models.PositiveIntegerField(_("velocidad máxima (Mbps)"))
    active = models.BooleanField(_("activa"), default=True)

    class Meta:
        verbose_name = _("zona de cobertura")
        verbose_name_plural = _("zonas de cobertura")
        constraints = [
            choice("technology", list(ACCESS_TECHNOLOGIES)),
            models.UniqueConstraint(fields=["technology", "name"], name="network_area_name_once"),
            models.CheckConstraint(condition=Q(max_mbps__gt=0), name="network_area_speed_positive"),
            models.CheckConstraint(
                condition=Q(min_lat__lt=F("max_lat"), min_lon__lt=F("max_lon")), name="network_area_box_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technology} {self.name}"


class AccessPoint(Quick):
    """Where a customer's drop is joined: a fibre box, an HFC tap, a DSLAM or a radio sector."""

    code = models.CharField(_("código"), max_length=24, unique=True)
    technology = models.CharField(_("tecnología"), max_length=8)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    lat = models.FloatField(_("latitud"))
    lon = models.FloatField(_("longitud"))
    spot = _spot()
    ports_total = models.PositiveIntegerField(_("puertos"))
    ports_used = models.PositiveIntegerField(_("puertos ocupados"), default=0)
    reach_m = models.PositiveIntegerField(_("alcance (m)"))
    max_mbps = models.PositiveIntegerField(_("velocidad máxima (Mbps)"))
    active = models.BooleanField(_("activo"), default=True)

    class Meta:
        verbose_name = _("punto de acceso")
        verbose_name_plural = _("puntos de acceso")
        constraints = [
            choice("technology", list(ACCESS_TECHNOLOGIES)),
            models.CheckConstraint(condition=Q(ports_used__lte=F("ports_total")), name="network_accesspoint_ports"),
            models.CheckConstraint(
                condition=Q(reach_m__gt=0, max_mbps__gt=0), name="network_accesspoint_reach_and_speed"
            ),
            *on_earth(nullable=False),
        ]
        indexes = [GistIndex(fields=["spot"], name="network_accesspoint_spot")]

    def __str__(self) -> str:
        return self.code

    @property
    def ports_free(self) -> int:
        """Ports that can still be sold."""
        return self.ports_total - self.ports_used


class Line(Quick):
    """A line in service with its measured parameters; a neighbour's serves as reference (step 6)."""

    number = models.CharField(_("número"), max_length=16, unique=True)
    access_point = models.ForeignKey(AccessPoint, null=True, on_delete=models.SET_NULL, related_name="lines")
    technology = models.CharField(_("tecnología"), max_length=8)
    address = models.CharField(_("dirección"), max_length=200, blank=True)
    zone = models.CharField(_("zona"), max_length=80, blank=True)
    lat = models.FloatField(_("latitud"))
    lon = models.FloatField(_("longitud"))
    spot = _spot()
    sync_down_mbps = models.DecimalField(_("sincronismo de bajada (Mbps)"), max_digits=8, decimal_places=2)
    sync_up_mbps = models.DecimalField(_("sincronismo de subida (Mbps)"), max_digits=8, decimal_places=2)
    attenuation_db = models.DecimalField(_("atenuación (dB)"), max_digits=5, decimal_places=1)
    snr_db = models.DecimalField(_("señal/ruido (dB)"), max_digits=5, decimal_places=1)
    measured_at = models.DateTimeField(_("medida el"))

    class Meta:
        verbose_name = _("línea")
        constraints = [
            choice("technology", list(ACCESS_TECHNOLOGIES)),
            *not_negative("sync_down_mbps", "sync_up_mbps"),
            *on_earth(nullable=False),
        ]
        indexes = [GistIndex(fields=["spot"], name="network_line_spot")]

    def __str__(self) -> str:
        return self.number
