"""Who opens which documents of a sale: the roles whose own steps work with that kind of paper, as a table.

The supervisors of the procedure open all of them. A kind that is not here is theirs alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from thaki.people.roles import Role

SELLS, HELP_DESK = Role.EJECUTIVO_VENTAS_DIGITALES, Role.AGENTE_HELP_DESK
COLLECTS, CASHIER, BILLS = Role.ENCARGADO_COBRANZAS, Role.CAJERO, Role.DIVISION_FACTURACION

READERS: Mapping[str, frozenset[Role]] = {
    "ci": frozenset({SELLS}),  # 9 receives it, 22 keys it
    "ubicacion": frozenset({SELLS, HELP_DESK}),  # 9; 7 looks at the place
    "carta_solicitud": frozenset({SELLS}),  # 9
    "carta_comercial": frozenset({SELLS}),  # 8
    "comprobante": frozenset({SELLS, COLLECTS}),  # 11; 12 and refunds
    "factura": frozenset({SELLS, COLLECTS, CASHIER, BILLS}),  # 12 to 14, 16 and 17, 18
    "contrato": frozenset({SELLS, BILLS}),  # 23; 18 bills what it says
    "otro": frozenset({SELLS}),
}
