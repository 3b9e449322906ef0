"""An order that is annulled and keyed in again."""

import pytest
from playwright.sync_api import expect
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_an_annulled_order_is_keyed_in_again_and_closed(sale: Sale) -> None:
    sale.asks().to_the_offer().accepts("Fibra Hogar 60").pays("Pospago")
    sale.step("18", **{"Medio de pago": "Débito automático", "Día de pago": "15"})
    sale.is_entered().step("25", "Anulada, se redigita", **{"Motivo de la anulación": "Error de digitación"})
    sale.step("20")
    orders = sale.at("25").form.locator("table")
    expect(orders).to_contain_text("Error de digitación")
    expect(orders.locator("tbody tr")).to_have_count(2)
    sale.is_closed()
