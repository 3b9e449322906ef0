"""The letters as PDF while somebody writes their words anew: with invented data, or with those of a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from thaki.people import house, texts
from thaki.procedures.sales import letter, letter_request
from thaki.procedures.sales.models import Sale
from thaki.reporting import pdf
from thaki.ui.formats import format_date

if TYPE_CHECKING:
    from thaki.people.models import User

Paper = Callable[[str, Any, "User"], bytes]
CUSTOMER = {
    "name": "María Elena Rojas Vargas",
    "ci": "4567890 CB",
    "address": "Av. América 123, Queru Queru",
    "contact": "712 34567 · cliente@correo.example",
}
ITEMS = [
    {"name": "Fibra Hogar 100", "technology": "Fibra óptica", "speed": "100 / 50 Mbps", "tariff": "Bs 235,00",
     "installation": "Bs 100,00", "conditions": "Permanencia mínima de 12 meses.", "highlights": "Wi-Fi doble banda"},
    {"name": "Fibra Hogar 200", "technology": "Fibra óptica", "speed": "200 / 100 Mbps", "tariff": "Bs 330,00",
     "installation": "Bs 100,00", "conditions": "Permanencia mínima de 12 meses.", "highlights": ""},
]  # fmt: skip


def commercial(part: str) -> Paper:
    """The Carta Comercial with other words in its `opening` or `closing`."""

    def paper(words: str, case: Any, by: User) -> bytes:
        data = letter.paper_data(_letter_of(case), str(by)) if case is not None else _invented(str(by))
        return pdf.render("sales/carta_comercial.typ", data | {part: texts.fill(words, house_words())})

    return paper


def _letter_of(case: Any) -> Any:
    found = _sale(case).letter
    if found is None:
        raise LookupError(case.number)
    return found


def _sale(case: Any) -> Sale:
    from thaki.procedures.sales import registration

    sale: Sale = registration.peek(case.pk)
    return sale


def _invented(executive: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "number": "CC-2026-000123",
        "case": "GVD-2026-000123",
        "issued_on": format_date(today),
        "valid_until_on": format_date(today),
        "executive": executive,
        "opening": texts.of("sales.letter.commercial_opening", {}),
        "closing": texts.of("sales.letter.commercial_closing", {}),
        "note": "",
        "customer": CUSTOMER,
        "items": ITEMS,
    }


def house_words() -> dict[str, str]:
    """The house's names, which any letter may say."""
    words = house.words()
    return {"cooperativa": words["name"], "cooperativa_corta": words["short"]}


def request(part: str) -> Paper:
    """The letter of request with other words in its `body` or its `notice`; without a case it is the model to fill in."""

    def paper(words: str, case: Any, by: User) -> bytes:
        known = letter_request.known(_sale(case)) if case is not None else {}
        number = case.number if case is not None else "GVD-2026-000123"
        body = words if part == "body" else letter_request.body()
        notice = texts.fill(words, house_words()) if part == "notice" else letter_request.notice()
        return letter_request.render(number, known, body, notice)

    return paper
