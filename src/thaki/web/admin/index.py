"""The entrance of administration, and who may use what is behind it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.ui import administration, navigation
from thaki.ui.administration import Item
from thaki.ui.navigation import Entry

ADMINISTRATOR = (Role.ADMINISTRADOR,)
OWNERS = (Role.GESTION_CALIDAD, Role.ADMINISTRADOR)  # of procedures, policies and texts
# Posts that may supervise a team; whom somebody sees depends on the teams that he does supervise.
CHIEFS = tuple(role for role in Role if role.value.startswith(("responsable_", "supervisor_", "jefe_")))
ABSENCES = (*CHIEFS, *ADMINISTRATOR)
SELLERS_CHIEFS = (Role.JEFE_DIVISION_VENTAS, Role.GERENCIA_COMERCIAL, Role.ADMINISTRADOR)  # they set plans and prices
PLAN_READERS = (*SELLERS_CHIEFS, Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES)
# Who validates deposits sees the accounts and does not make them.
ACCOUNT_READERS = (Role.ADMINISTRADOR, Role.ENCARGADO_COBRANZAS, Role.DIVISION_FACTURACION)
WRITERS = (*OWNERS, Role.RESPONSABLE_CANALES_DIGITALES)
# label, what it is for, address, icon, group, roles
ITEMS = (
    (
        _("Personas"),
        _("Quién ingresa, con qué roles; contraseñas y segundo factor"),
        ("people:users", "users", "people"),
        ADMINISTRATOR,
    ),
    (
        _("Equipos"),
        _("Quiénes comparten una bandeja y quién responde por ellos"),
        ("people:teams", "users-group", "people"),
        ADMINISTRATOR,
    ),
    (
        _("Agencias"),
        _("Donde se imprimen y entregan facturas, y sus cajeros"),
        ("administration:agencies", "building-store", "people"),
        ADMINISTRATOR,
    ),
    (
        _("Ausencias"),
        _("Quién falta, cuándo y quién lo suple"),
        ("administration:absences", "calendar-event", "people"),
        ABSENCES,
    ),
    (
        _("Calendario"),
        _("Horario por día, feriados y días especiales"),
        ("administration:calendar", "calendar-time", "people"),
        OWNERS,
    ),
    (
        _("Planes y paquetes"),
        _("Qué se vende, a qué tarifa y desde cuándo"),
        ("administration:plans", "package", "commercial"),
        PLAN_READERS,
    ),
    (
        _("Cuentas bancarias"),
        _("Donde los clientes transfieren, con el QR que leen"),
        ("administration:accounts", "building-bank", "commercial"),
        ACCOUNT_READERS,
    ),
    (
        _("Textos"),
        _("Correos, mensajes de WhatsApp y cartas, con vista previa"),
        ("administration:texts", "mail", "words"),
        WRITERS,
    ),
    (
        _("Políticas"),
        _("Los valores de las lecturas: cuánto se espera, desde cuánto se aprueba"),
        ("people:policies", "adjustments", "words"),
        OWNERS,
    ),
    (
        _("Quién cambió qué"),
        _("Cada cambio de personas, configuración y registros, con su autor"),
        ("administration:changes", "history", "house"),
        OWNERS,
    ),
    (
        _("Galería"),
        _("Las piezas de las pantallas, para quien las hace y las revisa"),
        ("people:gallery", "layout-dashboard", "house"),
        ADMINISTRATOR,
    ),
)


def register() -> None:
    """Make the index and its one line of the navigation; called when Django is ready."""
    for label, text, place, roles in ITEMS:
        administration.register(Item(label, text, *place, frozenset(role.value for role in roles)))
    entry = Entry(
        _("Administración"),
        "administration:index",
        "settings",
        "settings",
        frozenset(administration.roles()),
        10,
        also=("/personas/", "/equipos/", "/galeria/", "/avisos/"),
    )
    navigation.register(entry)


@staff(*dict.fromkeys(role for *_rest, roles in ITEMS for role in roles))
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """What this person may set up."""
    return render(request, "web/admin/index.html", {"groups": administration.items_for(request.user.roles)})
