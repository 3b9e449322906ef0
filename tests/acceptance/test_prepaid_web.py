"""A prepaid sale in which the customer does all he can on his link: accepts, sends his papers, pays."""

import pytest
from tests.acceptance.mailbox import attached
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_the_customer_accepts_sends_his_papers_and_pays_on_his_link(sale: Sale) -> None:
    sale.asks().to_the_offer()
    sale.receives_letter()
    sale.accepts_on_his_link("Fibra Hogar 60").step("8")
    sale.sends_papers_on_his_link()
    sale.papers_are_accepted().pays("Prepago")
    sale.pays_on_the_web("4111 1111 1111 1111")
    sale.step("11", "Pagó", "Pago electrónico")
    sale.deposit_is_accepted(**{"La factura va por": "Correo electrónico"})
    invoice = sale.mailbox.mail(sale.customer.email, "actura")
    assert any(content.startswith(b"%PDF") for content in attached(invoice).values())
    sale.is_entered().is_closed()
