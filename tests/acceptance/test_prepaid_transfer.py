"""A prepaid sale by transfer: the first slip does not match, the second is short, the third completes it."""

import pytest
from playwright.sync_api import expect
from tests.acceptance.mailbox import words
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_a_transfer_that_does_not_match_and_then_is_short_is_paid_in_the_end(sale: Sale) -> None:
    sale.asks().to_the_offer().accepts("Fibra Hogar 60").pays("Prepago")
    sale.sends_slip("TR-1001", "300")
    sale.deposit_is_returned(**{"Número de depósito": "TR-9999"})
    sale.at("11")
    expect(sale.person("ejecutivo1").form).to_contain_text("El número de depósito no coincide")
    sale.sends_slip("TR-1002", "300").deposit_is_returned()
    expect(sale.at("11").form).to_contain_text("39,00")
    sale.is_told_that_a_slip_pays_once("TR-1002", "39")
    sale.sends_slip("TR-1003", "39").deposit_is_accepted(Agencia="Agencia Central")
    assert "Agencia Central" in words(sale.mailbox.mail("cajas@", ""))
    sale.prints_invoice().step("17", "El ejemplar de archivo", "Entregada en mano")
    sale.is_entered().is_closed()
