"""A postpaid sale, from the public page to ATENDIDO/CERRADA."""

import pytest
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_a_postpaid_sale_is_attended_and_closed(sale: Sale) -> None:
    sale.asks().to_the_offer()
    sale.accepts("Fibra Hogar 60").pays("Pospago")
    sale.step("18", **{"Medio de pago": "Débito automático", "Día de pago": "15"})
    sale.is_entered()
    sale.step("25", "ATENDIDO/CERRADA")
    sale.ends_as("ATENDIDO/CERRADA")
