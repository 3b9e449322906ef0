"""The model of the letter of request (GVD step 9), filled in with what the sale knows; the rest stays lines to write on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from thaki.people import house, texts
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.order_data import contact_phone
from thaki.reporting import pdf
from thaki.ui.formats import format_date, format_money, format_phone

BODY, NOTICE = "sales.letter.request_body", "sales.letter.request_notice"
# How long a line to write on is, in cm, where a field is not known.
WIDTHS = {"cliente": 7.0, "plan": 6.0, "direccion": 8.0, "correo": 5.5, "tarifa": 2.5, "instalacion": 2.5}
WIDTH = 3.5


def letter_model(sale: Sale) -> bytes:
    """The PDF."""
    return render(sale.case.number, known(sale), body(), notice())


def body() -> str:
    """The letter's words in force, with their fields."""
    return texts.sound(BODY)


def notice() -> str:
    """What stands at its foot."""
    return texts.of(NOTICE, {})


def render(number: str, values: Mapping[str, str], words: str, foot: str) -> bytes:
    """The letter of these words, with these values."""
    data = {
        "case": number,
        "issued_on": format_date(timezone.localdate()),
        "notice": foot,
        "paragraphs": [pieces(part, values) for part in words.split("\n\n")],
    }
    return pdf.render("sales/carta_solicitud.typ", data)


def pieces(words: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """A paragraph as what is printed and what is a field, which is a line to write on where its value is not known."""
    said = {"cooperativa": house.words()["name"], "cooperativa_corta": house.words()["short"]}
    found: list[dict[str, Any]] = []
    for place, piece in enumerate(texts.FIELD.split(words)):
        if place % 2 == 0 or piece in said:
            found.append({"text": said.get(piece, piece) if place % 2 else piece})
        else:
            found.append({"blank": values.get(piece, ""), "width": WIDTHS.get(piece, WIDTH)})
    return found


def known(sale: Sale) -> dict[str, str]:
    """What the sale knows of the letter's fields."""
    customer = sale.customer
    return {
        "cliente": customer.full_name if customer else sale.prospect.name,
        "carnet": (customer.ci or customer.nit) if customer else "",
        "plan": str(sale.plan) if sale.plan else "",
        "direccion": sale.installation_address,
        "zona": sale.zone,
        "referencia": sale.installation_reference,
        "tarifa": format_money(sale.tariff_bob) if sale.tariff_bob else "",
        "instalacion": format_money(sale.installation_bob) if sale.installation_bob is not None else "",
        "carta": sale.letter.number if sale.letter else "",
        "celular": format_phone(contact_phone(sale)),
        "correo": (customer.email if customer else "") or sale.prospect.email,
    }
