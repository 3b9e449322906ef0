"""Requests that are not served: without capacity, refused and taken up again, withdrawn with the money given back."""

import pytest
from tests.acceptance.sale import REFUND, Sale

pytestmark = pytest.mark.browser


def test_without_capacity_the_request_is_left_unserved(sale: Sale) -> None:
    sale.asks().to_the_capacity()
    sale.step("7", "No hay", Motivo="Sin puertos libres")
    sale.step("19", "Dejar sin atender", Análisis="La caja se amplía el próximo año")
    sale.ends_as("No atendida")


def test_an_offer_refused_is_taken_up_again_where_it_was_left(sale: Sale) -> None:
    sale.asks().to_the_offer()
    sale.step("8", "No acepta", Motivo="La tarifa es alta")
    sale.step("19", "Retomar", Análisis="Hay un plan más económico")
    sale.accepts("Fibra Hogar 30")
    assert sale.at("10").step_shown == "10"


def test_who_withdraws_after_he_paid_has_his_money_back_first(sale: Sale) -> None:
    sale.asks().to_the_offer().accepts("Fibra Hogar 60").pays("Prepago").sends_slip("TR-2001", "339")
    sale.withdraws("Cambió de opinión")
    answer = {"Cómo se devolvió": "Transferencia a su cuenta", "Comprobante de la devolución": "DEV-1"}
    sale.step(REFUND, "Sí, está en la cuenta", **answer)
    sale.step("19", "Dejar sin atender", Análisis="No desea el servicio")
    sale.ends_as("No atendida")
