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
USER = Subject(
    "persona",
    _("Persona"),
    "people.User",
    "first_name last_name",
    "people:user_edit",
    {
        "first_name": _("Nombres"),
        "last_name": _("Apellidos"),
        "username": _("Usuario"),
        "email": _("Correo"),
        "phone": _("Celular o teléfono"),
        "team": _("Equipo"),
        "office": _("Agencia"),
        "roles": _("Roles"),
        "is_active": _("Puede ingresar"),
        "theme": _("Aspecto"),
        "language": _("Idioma"),
    },
    frozenset({"is_superuser", "is_staff", "date_joined"}),
)
TEAM = Subject(
    "equipo",
    _("Equipo"),
    "people.Team",
    "name",
    "people:team_edit",
    {"name": _("Nombre"), "role": _("Rol del equipo"), "supervisor": _("Responsable")},
)
POLICY = Subject(
    "politica",
    _("Política o texto"),
    "people.Policy",
    "code",
    labels={"code": _("Código"), "value": _("Valor"), "reason": _("Motivo")},
    hidden=frozenset({"changed_by", "changed_at"}),
)
PLANNED = Subject(
    "politica-prevista",
    _("Política prevista"),
    "people.PlannedPolicy",
    "code",
    labels={"code": _("Código"), "value": _("Valor"), "reason": _("Motivo"), "from_at": _("Rige desde")},
    hidden=frozenset({"changed_by", "entered_at"}),
)
CUSTOMER = Subject("cliente", _("Cliente"), "customers.Customer", "given_names surnames")
ORDER = Subject("orden", _("Orden"), "orders.ProductOrder", "number")
INVOICE = Subject("factura", _("Factura"), "billing.Invoice", "number")
PAYMENT = Subject("pago", _("Pago"), "billing.Payment", "slip_number")
SUBJECTS = (
    USER, TEAM, AGENCY, ABSENCE, POLICY, PLANNED, PLAN, PLAN_PART, TARIFF, ACCOUNT, CUSTOMER, ORDER, PAYMENT, INVOICE,
)  # fmt: skip
