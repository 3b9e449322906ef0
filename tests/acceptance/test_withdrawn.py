"""A customer whose line is slower than he asked, who withdraws twice, and who comes back as the customer that he is by then."""

import pytest
from playwright.sync_api import expect
from tests.acceptance.people import fill
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_a_slower_line_withdrawn_at_9_taken_up_withdrawn_at_11_and_back_as_a_known_customer(sale: Sale) -> None:
    sale.asks().to_the_capacity().step("7", "Sí hay", **{"Velocidad máxima": "30"})
    offer = sale.at("8").form
    expect(offer).to_contain_text("Fibra Hogar 30")
    expect(offer).not_to_contain_text("Fibra Hogar 60")
    sale.step("8", "Acepta", "Fibra Hogar 30")
    sale.withdraws("Cambió de opinión")
    sale.step("19", "Retomar", Análisis="Se lo llamó: sí lo quiere")
    sale.brings_papers().pays("Prepago").withdraws("Cambió de opinión")
    sale.step("19", "Dejar sin atender", Análisis="No desea el servicio")
    sale.ends_as("No atendida")
    comes_back(sale)


def comes_back(sale: Sale) -> None:
    """He asks again, in other words; at step 3 his carnet tells who he is, and he is not registered twice."""
    sale.asks(Dirección="Av. Heroínas 451, piso 2").step("1", "Llamada")
    sale.step("2", "Residencial")
    who = sale.at("3")
    fill(who.form, **{"Carnet de identidad": sale.customer.ci})
    who.form.get_by_role("button", name="Es esta persona").first.click()
    fill(who.form, "Segundo servicio")
    who.complete()
    page = sale.person("ejecutivo1").page
    page.goto(f"/clientes/?q={sale.customer.name}")
    expect(page.locator("tbody tr").filter(has_text=sale.customer.name)).to_have_count(1)
