"""The pure rules of steps 1 to 8."""

from collections import namedtuple
from decimal import Decimal

import pytest

from thaki.procedures.sales import rules
from thaki.records.customers.rules import whatsapp_link

Plan = namedtuple("Plan", "code kind technology down_mbps tariff_bob")
Line = namedtuple("Line", "technology attenuation_db snr_db sync_down_mbps")


@pytest.mark.parametrize(
    ("results", "failed"),
    [
        ([], 0),
        (["no_answer", "no_answer"], 2),
        (["no_answer", "talked", "no_answer"], 1),
        (["no_answer", "call_back"], 0),
        (["talked", "false_data", "no_answer"], 1),
    ],
)
def test_a_sign_of_life_starts_the_count_again(results: list[str], failed: int) -> None:
    assert rules.failed_in_a_row(results) == failed


def test_one_who_withdrew_at_12_pays_anew_at_11() -> None:
    assert [rules.left_at(step) for step in (9, 10, 11, 12)] == [9, 10, 11, 11]


@pytest.mark.parametrize("text", ["Importadora Andina S.R.L.", "internet para mi empresa", "Hotel Sol", "ACME Ltda."])
def test_a_company_is_recognised_by_its_words(text: str) -> None:
    assert rules.looks_like_business(text)


@pytest.mark.parametrize("text", ["María Elena Rojas", "Sara Salinas", "internet para ver series", ""])
def test_a_person_is_not_taken_for_a_company(text: str) -> None:
    assert not rules.looks_like_business(text)


def test_plans_fast_enough_come_first_and_the_cheapest_of_them() -> None:
    plans = [
        Plan("TV", "tv", "TV", 0, Decimal(99)),
        Plan("F300", "internet", "FO", 300, Decimal(449)),
        Plan("F60", "internet", "FO", 60, Decimal(189)),
        Plan("F100", "internet", "FO", 100, Decimal(249)),
    ]
    assert [plan.code for plan in rules.by_need(plans, "internet", 100)] == ["F100", "F300", "F60", "TV"]


def test_where_all_fall_short_the_fastest_comes_first() -> None:
    plans = [Plan("A", "internet", "ADSL", 5, Decimal(90)), Plan("B", "internet", "ADSL", 10, Decimal(120))]
    assert [plan.code for plan in rules.by_need(plans, "internet", 50)] == ["B", "A"]


@pytest.mark.parametrize(
    ("line", "quality"),
    [
        (Line("FO", Decimal(19), Decimal(0), Decimal(300)), "good"),
        (Line("FO", Decimal(27), Decimal(0), Decimal(300)), "fair"),
        (Line("ADSL", Decimal(50), Decimal(20), Decimal(3)), "poor"),
        (Line("HFC", Decimal(5), Decimal(25), Decimal(60)), "poor"),
        (Line("???", Decimal(5), Decimal(25), Decimal(60)), "fair"),
    ],
)
def test_a_line_is_as_good_as_the_worse_of_its_parameters(line: Line, quality: str) -> None:
    assert rules.line_quality(line) == quality


def test_the_reason_nearest_to_a_solution_is_given() -> None:
    assert rules.capacity_reason(["out_of_area", "no_free_ports"]) == "no_ports"
    assert rules.capacity_reason(["out_of_area", "out_of_reach"]) == "out_of_reach"
    assert rules.capacity_reason(["something_new"]) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "-17.38951, -66.15683",
        "-17,38951; -66,15683",
        "https://maps.google.com/?q=-17.38951,-66.15683",
        "https://www.google.com/maps/@-17.38951,-66.15683,17z",
        "https://maps.google.com/?q=-17.38951%2C-66.15683",
    ],
)
def test_a_pasted_location_is_read(text: str) -> None:
    assert rules.parse_pin(text) == (-17.38951, -66.15683)


@pytest.mark.parametrize("text", ["", "Av. América 123", "4567890", "-97.123, 10.123"])
def test_an_address_is_no_location(text: str) -> None:
    assert rules.parse_pin(text) is None


def test_whatsapp_opens_with_the_country_code_and_the_text() -> None:
    assert whatsapp_link("71234567", "Hola & chau") == "https://wa.me/59171234567?text=Hola%20%26%20chau"
    assert whatsapp_link("44280001", "Hola") == ""
