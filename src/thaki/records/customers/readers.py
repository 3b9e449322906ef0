"""Who may open the register of customers: the posts that deal with a customer, or answer for those who do.

A procedure shows the customer of its own case to whoever has a part in it; the register shows everything that is known of
anybody, so it is for fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from thaki.people.roles import Role

if TYPE_CHECKING:
    from thaki.people.models import User

CUSTOMER_READERS = (
    Role.EJECUTIVO_VENTAS_DIGITALES,
    Role.AGENTE_HELP_DESK,
    Role.ENCARGADO_COBRANZAS,
    Role.CAJERO,
    Role.DIVISION_FACTURACION,
    Role.RESPONSABLE_CANALES_DIGITALES,
    Role.RESPONSABLE_VENTAS_DIGITALES,
    Role.JEFE_DIVISION_VENTAS,
    Role.ASESOR_COMERCIAL,
    Role.SUPERVISOR_CENTRO_OPERACIONES,
    Role.SEGUIMIENTO_INCIDENTES,
    Role.CALIDAD_RELACIONES,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RELACION_CLIENTE,
    Role.ADMINISTRADOR,
)


def may_see_customers(user: User) -> bool:
    """Whether the person may open a customer's page."""
    return user.has_role(*CUSTOMER_READERS)
