"""Two people in one task, forms posted twice, a mail server that is down."""

import re

import pytest
from playwright.sync_api import expect
from tests.acceptance.people import fill
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_the_second_to_finish_is_told_who_was_first_and_keeps_what_he_typed(sale: Sale) -> None:
    sale.asks().to_the_capacity()
    first, second = sale.at("7", "helpdesk1", take=False), sale.at("7", "helpdesk2", take=False)
    fill(second.form, "Sí hay", Diagnóstico="Medí 280 Mbps en la acometida")
    fill(first.form, "Sí hay")
    first.complete()
    second.form.get_by_role("button", name="Completar el paso").click()
    told = second.page.locator("main")
    expect(told).to_contain_text("Iván Orellana Paz")
    expect(told).to_contain_text("Medí 280 Mbps en la acometida")


def test_an_impatient_customer_makes_one_request(sale: Sale) -> None:
    sale.fills_the_public_form().get_by_role("button", name="Enviar mi solicitud").dblclick()
    expect(sale.page.get_by_role("heading", level=1)).to_contain_text("Su solicitud GVD")
    rows = sale.listed().locator("tbody tr")
    expect(rows).to_have_count(1)


def test_a_step_sent_twice_moves_the_case_once(sale: Sale) -> None:
    sale.asks()
    who = sale.step("1", "Llamada")
    who.page.go_back()
    who.form.get_by_role("button", name="Completar el paso").click()
    sale.step("2", "Residencial")
    who.page.get_by_role("link", name=re.compile("^Historia")).click()
    expect(who.page.get_by_text("Completó «1.")).to_have_count(1)


def test_a_mail_that_nobody_takes_becomes_an_incident_that_is_retried(sale: Sale) -> None:
    sale.asks().to_the_capacity()
    sale.mailbox.switch_off()
    try:
        sale.step("7", "Sí hay")
        page = sale.person("admin1").page
        incident = sale.incident(page)
    finally:
        sale.mailbox.switch_on()
    incident.get_by_role("button", name="Reintentar").click()
    expect(page.locator(".tk-toast")).to_be_visible()
    sale.mailbox.mail("ejecutivo1@", sale.number)
    page.goto("/incidentes/")
    expect(page.locator("main")).not_to_contain_text(sale.number)
