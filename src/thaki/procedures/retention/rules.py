"""What the retention may offer, for how much, and in which words. Pure: the policy values and the date are arguments.

Offers and amounts: readings R-B8 and R-B13; motives: R-B9; the glosa: RET step 5, to the letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thaki.records.money import bob
from thaki.records.reasons import Reason, reason

MONTHS = (
    "ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO", "JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE", "NOVIEMBRE", "DICIEMBRE",
)  # fmt: skip
# RET 5.3, to the letter: the month is that of the invoice removed, the telephone the customer's mobile.
GLOSA = (
    "CLIENTE CON DAÑOS REITERADOS, CON INTENSION DE BAJA, SE OFERTA NO COBRO EL MES DE {MES} POR EL SERVICIO DEFICIENTE, "
    "Y SE OFERTA SOLUCION DEFINITIVA, SE COMPROMETE A REALIZAR LA VISITA TÉCNICA EN 24 HORAS. "
    "FAVOR COORDINAR CON EL CLIENTE AL CEL {CELULAR}"
)
# R-B8: the variant that promises a compensation; ours, in force once the Responsable has approved it.
GLOSA_COMPENSATION = (
    "CLIENTE CON DAÑOS REITERADOS, CON INTENSION DE BAJA, SE OFERTA COMPENSACION EN LA FACTURA DE {MES} "
    "POR EL SERVICIO DEFICIENTE, Y SE OFERTA SOLUCION DEFINITIVA, SE COMPROMETE A REALIZAR LA VISITA TÉCNICA EN 24 HORAS. "
    "FAVOR COORDINAR CON EL CLIENTE AL CEL {CELULAR}"
)
MONTH_DAYS = 30  # what a month is divided by (R-B13)


# ---------------------------------------------------------------- amounts
def compensation(tariff_bob: Decimal, days: int, *, most_days: int = MONTH_DAYS) -> Decimal:
    """Monthly tariff ÷ 30 × days affected, at most one month (R-B13); rounded once, at the end."""
    counted = max(0, min(days, most_days, MONTH_DAYS))
    return min(bob(tariff_bob * counted / MONTH_DAYS), bob(tariff_bob))


def removal(tariff_bob: Decimal, billed_bob: Decimal | None, adjusted_bob: Decimal = Decimal(0)) -> Decimal:
    """What removing the month's invoice gives up: what it says and was not taken off yet; the tariff while it is not issued."""
    return bob(tariff_bob) if billed_bob is None else bob(billed_bob - adjusted_bob)


def over_limit(kind: str, amount_bob: Decimal, *, limit_bob: Decimal, of_removals: bool = False) -> bool:
    """Whether the amount needs the Responsable (R-B13). Exactly the limit is within it."""
    return (kind == "compensation" or of_removals) and amount_bob > limit_bob


# ---------------------------------------------------------------- offers
@dataclass(frozen=True, slots=True)
class Service:
    """An active service of the customer."""

    pk: int
    product: str  # internet, tv, telephony, package
    technology: str
    carries: frozenset[str]  # the products it brings: a package brings its parts'


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer asks for."""

    code: str
    kind: str
    product: str = ""
    technology: str = ""
    active: bool = True
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which offers this customer may have."""

    today: date
    services: tuple[Service, ...]
    running: frozenset[str] = frozenset()  # codes of the courtesies that run
    given: int = 0  # courtesies of this case
    most_courtesies: int = 1
    claimed: bool = False  # a billing claim stands for the affected service and month (R-B8)
    removed: bool = False  # that month's invoice was removed already
    affected: int | None = None  # the affected service


def refusal(offer: Terms, at: Situation) -> Reason | None:
    """Why this customer may not have the offer; None when he may."""
    if not offer.active or (offer.from_on and at.today < offer.from_on) or (offer.to_on and at.today > offer.to_on):
        return reason("offer_not_in_force")
    return _courtesy(offer, at) if offer.kind == "courtesy" else _billing(at)


def _billing(at: Situation) -> Reason | None:
    if at.affected is None:
        return reason("offer_no_service")
    if at.removed:
        return reason("offer_removed")
    return reason("offer_claimed") if at.claimed else None


def _courtesy(offer: Terms, at: Situation) -> Reason | None:
    if at.given >= at.most_courtesies:
        return reason("offer_one_courtesy", most=at.most_courtesies)
    if offer.code in at.running:
        return reason("offer_running")
    if service_for(offer, at.services, at.affected) is None:
        return reason("offer_needs", product=offer.product, technology=offer.technology)
    return None


def service_for(offer: Terms, services: Iterable[Service], first: int | None = None) -> Service | None:
    """The service that carries an offer: the affected one if it can, else the first that does."""
    fit = [one for one in services if _fits(offer, one)]
    return next((one for one in fit if one.pk == first), fit[0] if fit else None)


def _fits(offer: Terms, service: Service) -> bool:
    return (not offer.product or offer.product in service.carries) and (
        not offer.technology or offer.technology == service.technology
    )


# ---------------------------------------------------------------- motives
def route(
    motives: Sequence[str], leads: dict[str, str], *, negotiated: bool, damage_again: bool, courtesy: Collection[str]
) -> str:
    """Where the petition goes (R-B9): damage first unless 3 was offered, then the better offer, compensation, the baja.

    `leads`: where each motive leads; `negotiated`: 3 was offered already; `damage_again`: there are claims enough for the
    customer to confirm; `courtesy`: the motives for which policy allows a courtesy.
    """
    ways = [leads[motive] for motive in motives]
    if "damage" in ways and not negotiated and damage_again:
        return "damage"
    if "compensation" in ways:
        return "compensation"
    if "offer" in ways:
        return "offer"
    if "damage" in ways:
        return "compensation"
    return "offer" if any(motive in courtesy for motive in motives) else "leave"


# ---------------------------------------------------------------- words
def glosa(template: str, *, month: date, mobile: str) -> str:
    """The Observaciones of the order: the month of the invoice, and the customer's mobile."""
    return template.replace("{MES}", MONTHS[month.month - 1]).replace("{CELULAR}", mobile)
