"""The finite facts that the gateways of `procedure.bpmn` read; pure. Names and values are declared in the file itself."""

from collections.abc import Mapping
from typing import Protocol


class SaleLike(Protocol):
    """What the facts need of a `Sale`: plain attributes, so that a test may give a namedtuple."""

    category: str
    capacity: str
    offer: str
    requirements: str
    payment_form: str
    payment_step: str
    payment_route: str
    deposit: str
    unserved: str
    follow_up: str
    left_at_step: int | None
    has_money: bool
    has_invoice: bool


def facts(sale: SaleLike) -> Mapping[str, str]:
    """The declared facts of a sale."""
    return {
        "category": sale.category,
        "capacity": sale.capacity,
        "offer": sale.offer,
        "requirements": sale.requirements,
        "payment_form": sale.payment_form,
        "payment_step": sale.payment_step,
        "payment_route": sale.payment_route,
        "deposit": sale.deposit,
        "money_in": "yes" if sale.has_money else "no",
        "unserved": sale.unserved,
        "left_at": f"s{sale.left_at_step}" if sale.left_at_step else "none",
        "follow_up": sale.follow_up,
        "invoice": "yes" if sale.has_invoice else "no",
    }
