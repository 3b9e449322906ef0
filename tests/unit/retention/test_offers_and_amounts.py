"""What may be offered, for how much, where motives lead, and the glosa (R-B8, R-B9, R-B13)."""

from datetime import date
from decimal import Decimal

import pytest

from thaki.procedures.retention import rules
from thaki.procedures.retention.rules import Service, Situation, Terms

TODAY = date(2026, 11, 23)
INTERNET = Service(1, "internet", "FO", frozenset({"internet"}))
FIJACOM = Service(2, "telephony", "WIRELESS", frozenset({"telephony"}))
TRIO = Service(3, "package", "FO", frozenset({"package", "internet", "tv", "telephony"}))
WIDER = Terms("ancho_de_banda", "courtesy", "internet", "FO")
DATA = Terms("datos_fijacom", "courtesy", "telephony", "WIRELESS")
REMOVAL = Terms("retiro_factura", "removal")
LEADS = {"damage": "damage", "compensation": "compensation", "competitor": "offer", "price": "leave", "moving": "leave"}


def at(*services: Service, **more: object) -> Situation:
    return Situation(TODAY, services, affected=services[0].pk if services else None, **more)  # type: ignore[arg-type]


def why(offer: Terms, situation: Situation) -> str:
    refused = rules.refusal(offer, situation)
    return refused.code if refused else ""


# ---------------------------------------------------------------- amounts
@pytest.mark.parametrize(
    ("days", "amount"),
    [(0, "0.00"), (1, "6.30"), (10, "63.00"), (29, "182.70"), (30, "189.00"), (31, "189.00"), (400, "189.00")],
)
def test_a_compensation_is_the_tariff_by_thirty_by_the_days_and_a_month_at_most(days: int, amount: str) -> None:
    assert rules.compensation(Decimal(189), days) == Decimal(amount)


def test_it_is_rounded_once_to_the_cent() -> None:
    assert rules.compensation(Decimal(100), 1) == Decimal("3.33")
    assert rules.compensation(Decimal(100), 2) == Decimal("6.67")


def test_a_removal_is_what_the_invoice_says_and_was_not_taken_off_yet() -> None:
    assert rules.removal(Decimal(189), Decimal("190.55"), Decimal("10.50")) == Decimal("180.05")


def test_an_invoice_not_issued_yet_is_worth_the_tariff() -> None:
    assert rules.removal(Decimal(189), None) == Decimal("189.00")


@pytest.mark.parametrize(("amount", "over"), [("149.99", False), ("150.00", False), ("150.01", True)])
def test_the_limit_itself_is_within_it(amount: str, over: bool) -> None:
    assert rules.over_limit("compensation", Decimal(amount), limit_bob=Decimal(150)) is over


def test_a_removal_needs_nobody_unless_policy_says_so() -> None:
    assert not rules.over_limit("removal", Decimal(900), limit_bob=Decimal(150))
    assert rules.over_limit("removal", Decimal(900), limit_bob=Decimal(150), of_removals=True)


# ---------------------------------------------------------------- offers
def test_bandwidth_is_for_fibre_customers_alone() -> None:
    assert why(WIDER, at(INTERNET)) == ""
    assert why(WIDER, at(FIJACOM)) == "offer_needs"


def test_fijacom_data_go_on_a_fijacom_line_alone() -> None:
    assert why(DATA, at(FIJACOM)) == ""
    assert why(DATA, at(INTERNET, TRIO)) == "offer_needs"


def test_a_package_brings_what_its_parts_bring() -> None:
    assert why(Terms("premium", "courtesy", "tv"), at(TRIO)) == ""


def test_one_courtesy_a_case_and_none_of_a_kind_that_runs() -> None:
    assert why(WIDER, at(INTERNET, given=1)) == "offer_one_courtesy"
    assert why(WIDER, at(INTERNET, running=frozenset({"ancho_de_banda"}))) == "offer_running"


def test_never_both_for_one_product_and_month() -> None:
    assert why(REMOVAL, at(INTERNET, claimed=True)) == "offer_claimed"
    assert why(REMOVAL, at(INTERNET, removed=True)) == "offer_removed"
    assert why(REMOVAL, at()) == "offer_no_service"


def test_an_offer_is_in_force_from_its_first_day_to_its_last() -> None:
    assert why(Terms("x", "courtesy", from_on=TODAY, to_on=TODAY), at(INTERNET)) == ""
    assert why(Terms("x", "courtesy", from_on=date(2026, 11, 24)), at(INTERNET)) == "offer_not_in_force"
    assert why(Terms("x", "courtesy", to_on=date(2026, 11, 22)), at(INTERNET)) == "offer_not_in_force"
    assert why(Terms("x", "courtesy", active=False), at(INTERNET)) == "offer_not_in_force"


def test_the_affected_service_carries_the_offer_if_it_can() -> None:
    other = Service(9, "internet", "FO", frozenset({"internet"}))
    assert rules.service_for(WIDER, (other, INTERNET), first=1) is INTERNET
    assert rules.service_for(WIDER, (FIJACOM, INTERNET), first=2) is INTERNET


# ---------------------------------------------------------------- motives
def led(*motives: str, negotiated: bool = False, damage_again: bool = True) -> str:
    return rules.route(motives, LEADS, negotiated=negotiated, damage_again=damage_again, courtesy=["price"])


def test_damage_and_a_competitor_together_go_to_3_first() -> None:
    assert led("damage", "competitor") == "damage"
    assert led("damage", "competitor", negotiated=True) == "offer"
    assert led("damage", "competitor", damage_again=False) == "offer"


def test_each_motive_has_its_way() -> None:
    assert led("compensation") == "compensation"
    assert led("competitor") == "offer"
    assert led("moving") == "leave"
    assert led("damage", negotiated=True) == "compensation"


def test_another_motive_may_have_a_courtesy_where_policy_allows_it() -> None:
    assert led("price") == "offer"


# ---------------------------------------------------------------- words
def test_the_glosa_is_that_of_the_signed_procedure_to_the_letter() -> None:
    assert rules.glosa(rules.GLOSA, month=date(2026, 3, 1), mobile="79999903") == (
        "CLIENTE CON DAÑOS REITERADOS, CON INTENSION DE BAJA, SE OFERTA NO COBRO EL MES DE MARZO POR EL SERVICIO DEFICIENTE, "
        "Y SE OFERTA SOLUCION DEFINITIVA, SE COMPROMETE A REALIZAR LA VISITA TÉCNICA EN 24 HORAS. "
        "FAVOR COORDINAR CON EL CLIENTE AL CEL 79999903"
    )
