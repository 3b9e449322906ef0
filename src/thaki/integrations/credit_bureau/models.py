"""The embedded Central de Riesgos: a list that is brought in by file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick


class RiskEntry(Quick):
    """A person or company on the list, by identity card or NIT, for as long as `cleared_on` is empty."""

    ci_number = models.CharField(_("carnet de identidad"), max_length=10, blank=True)
    ci_complement = models.CharField(_("complemento"), max_length=2, blank=True)
    nit = models.CharField(_("NIT"), max_length=15, blank=True)
    name = models.CharField(_("nombre"), max_length=160, blank=True)
    entity = models.CharField(_("entidad"), max_length=120)
    amount_bob = models.DecimalField(_("monto (Bs)"), max_digits=12, decimal_places=2, null=True, blank=True)
    listed_on = models.DateField(_("en la lista desde"))
    cleared_on = models.DateField(_("fuera de la lista desde"), null=True, blank=True)
    note = models.CharField(_("nota"), max_length=200, blank=True)
    brought_at = models.DateTimeField(_("importado el"))
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("registro de riesgo")
        verbose_name_plural = _("registros de riesgo")
        constraints = [
            models.CheckConstraint(
                condition=Q(ci_number__regex=r"^[0-9]{4,10}$") | Q(nit__regex=r"^[0-9]{5,15}$"),
                name="credit_bureau_entry_identified",
            ),
            models.UniqueConstraint(
                fields=["ci_number", "ci_complement", "nit", "entity", "listed_on"], name="credit_bureau_entry_once"
            ),
        ]
        indexes = [
            models.Index(fields=["ci_number"], condition=Q(ci_number__gt=""), name="credit_bureau_ci"),
            models.Index(fields=["nit"], condition=Q(nit__gt=""), name="credit_bureau_nit"),
        ]

    def __str__(self) -> str:
        return f"{self.ci_number or self.nit} {self.entity}"
