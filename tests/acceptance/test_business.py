"""A business customer goes to Ventas Empresas with the visit for their diary."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from tests.acceptance.mailbox import attached
from tests.acceptance.sale import Sale

pytestmark = pytest.mark.browser


def test_a_business_customer_is_handed_over_with_his_visit(sale: Sale) -> None:
    sale.asks().step("1", "Llamada")
    visit = {"Fecha y hora": "2031-03-04T09:30", "Lugar de la visita": "Parque Industrial, galpón 4"}
    sale.step("2", "Empresarial", **visit)
    mail = sale.mailbox.mail("ventas.empresas@", sale.number)
    event = Calendar.from_ical(attached(mail)["cita.ics"]).walk("VEVENT")[0]
    assert event["LOCATION"] == "Parque Industrial, galpón 4"
    assert event.decoded("DTSTART") == datetime(2031, 3, 4, 13, 30, tzinfo=UTC)  # 9:30 in Cochabamba
    sale.ends_as("Ventas Empresas")
