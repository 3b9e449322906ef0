"""What is tracked and may be told to whom: the subjects of "who changed what"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thaki.web.admin.changes import Subject

AGENCY = Subject(
    "agencia",
    _("Agencia"),
    "people.Agency",
    "name",
    "administration:agency",
    {
        "name": _("Nombre"),
        "address": _("Dirección"),
        "phone": _("Teléfono"),
        "hours": _("Horario de atención"),
        "active": _("Activa"),
    },
)
ABSENCE = Subject(
    "ausencia",
    _("Ausencia"),
    "people.Absence",
    "user",
    labels={"user": _("Persona"), "from_on": _("Desde"), "to_on": _("Hasta"), "substitute": _("Suplente")},
)
