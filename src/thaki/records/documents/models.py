"""Documents received and made: the row says what it is, the bytes lie under their hash."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick


class Document(Quick):
    """A stored file. Several rows may share one file: the bytes are kept once, by their SHA-256."""

    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(
        _("tipo de archivo"), max_length=100
    )  # sniffed from the bytes, never taken from the client
    size_bytes = models.PositiveIntegerField(_("tamaño"))
    name = models.CharField(_("nombre"), max_length=120)  # made safe; its extension agrees with the type
    kind = models.CharField(
        _("clase"), max_length=40, db_index=True
    )  # "ci", "carta_solicitud", "comprobante"… the procedure's word
    created_at = models.DateTimeField(_("recibido el"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # null: the customer

    class Meta:
        verbose_name = _("documento")
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="documents_document_hash"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="documents_document_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether a browser can show it as a picture."""
        return self.media_type.startswith("image/")
