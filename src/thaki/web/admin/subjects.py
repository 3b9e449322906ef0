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
PLAN = Subject("plan", _("Plan"), "offers.Plan", "name", "administration:plan")
PLAN_PART = Subject(
    "paquete",
    _("Composición de paquete"),
    "offers.PlanComponent",
    "from_plan to_plan",
    "administration:plan",
    {"from_plan": _("Paquete"), "to_plan": _("Plan que lo compone")},
    row="from_plan_id",
)
TARIFF = Subject(
    "tarifa",
    _("Tarifa"),
    "offers.PlanTariff",
    "plan",
    labels={"plan": _("Plan"), "set_by": _("Fijada por"), "set_at": _("Fijada el")},
    hidden=frozenset({"set_by", "set_at"}),
)
ACCOUNT = Subject("cuenta", _("Cuenta bancaria"), "billing.BankAccount", "bank number", "administration:account")
ABSENCE = Subject(
    "ausencia",
    _("Ausencia"),
    "people.Absence",
    "user",
    labels={"user": _("Persona"), "from_on": _("Desde"), "to_on": _("Hasta"), "substitute": _("Suplente")},
)
