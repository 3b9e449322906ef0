"""A postpaid sale, from the public page to ATENDIDO/CERRADA."""

import pytest
from playwright.sync_api import expect
from tests.acceptance.mailbox import words
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_a_postpaid_sale_is_attended_and_closed(sale: Sale) -> None:
    sale.asks().to_the_offer()
    assert "300\xa0Mbps" in words(sale.mailbox.mail("ejecutivo1@", "Hay capacidad"))
    sale.accepts("Fibra Hogar 60").pays("Pospago")
    sale.step("18", **{"Medio de pago": "Débito automático", "Día de pago": "15"})
    sale.is_entered().is_closed()
    sale.page.reload()
    expect(sale.page.locator("main")).to_contain_text("Su servicio está instalado")
