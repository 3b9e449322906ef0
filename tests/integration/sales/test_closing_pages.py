"""The daily closing on the screen, on paper and as a workbook."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.integration.sales.billing import accept, send_slip
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.test_billing_pages import plain_static as plain_static
from tests.integration.sales.test_billing_pages import signed_in

from thaki.records.billing.control_models import DepositClosing


@pytest.fixture(autouse=True)
def same_clock() -> Iterator[None]:
    """The server's clock is that of the walks."""
    with time_machine.travel(NOW):
        yield


def test_the_day_is_closed_on_its_page_and_shows_who_did_it(walk: Walk) -> None:
    send_slip(walk)
    accept(walk)
    client = signed_in(walk.people["cobranzas1"])
    page = client.get(reverse("sales_billing:closing")).content.decode()
    assert "Bs\xa0399,00" in page
    answer = client.post(reverse("sales_billing:close_day"), {"dia": "2026-11-23", "note": "Sin novedad"})
    assert answer["Location"].endswith("?dia=2026-11-23")
    page = client.get(answer["Location"]).content.decode()
    assert all(words in page for words in ("Cerrado el 23/11/2026", "Cobranzas Prueba", "Sin novedad"))


def test_a_closed_day_gives_the_same_paper_whatever_happens_after(walk: Walk) -> None:
    send_slip(walk)
    client = signed_in(walk.people["cobranzas1"])
    client.post(reverse("sales_billing:close_day"), {"dia": "2026-11-23"})
    paper = client.get(reverse("sales_billing:closing_pdf")).content
    accept(walk)
    assert client.get(reverse("sales_billing:closing_pdf")).content == paper
    assert "Decidido después" in client.get(reverse("sales_billing:closing")).content.decode()
    assert client.get(reverse("sales_billing:closing_xlsx")).content.startswith(b"PK")


def test_the_number_stands_as_on_the_slip(walk: Walk) -> None:
    send_slip(walk, slip_number="tr 00-45.821")
    accept(walk)
    client = signed_in(walk.people["cobranzas1"])
    page = client.get(reverse("sales_billing:closing")).content.decode()
    assert "tr 00-45.821" in page
    client.post(reverse("sales_billing:close_day"), {"dia": "2026-11-23"})
    assert "tr 00-45.821" in client.get(reverse("sales_billing:closing")).content.decode()


def test_a_day_to_come_is_not_closed(walk: Walk) -> None:
    client = signed_in(walk.people["cobranzas1"])
    client.post(reverse("sales_billing:close_day"), {"dia": f"{NOW + timedelta(days=1):%Y-%m-%d}"})
    assert DepositClosing.objects.get().day == NOW.date()  # a nonsensical day is today
