"""A carnet de identidad as people type it."""

import pytest

from thaki.records.customers.rules import CI_DEPARTMENTS, Ci, check_ci, parse_ci
from thaki.records.reasons import RuleError


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4567890", Ci("4567890")),
        (" 4.567.890 ", Ci("4567890")),
        ("4567890 CB", Ci("4567890", "", "CB")),
        ("4567890-1A", Ci("4567890", "1A")),
        ("4567890-1a cb", Ci("4567890", "1A", "CB")),
        ("45678901ALP", Ci("4567890", "1A", "LP")),
        ("CI 4567890-1A SC", Ci("4567890", "1A", "SC")),
    ],
)
def test_it_reads_what_people_type(typed: str, read: Ci) -> None:
    assert parse_ci(typed) == read


@pytest.mark.parametrize("typed", ["", "abc", "123", "12345678901", "4567890-A1", "4567890-1AB", "4567890-1A-2B"])
def test_it_refuses_what_is_no_card(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_ci(typed)


@pytest.mark.parametrize("department", [*CI_DEPARTMENTS, ""])
def test_every_department_and_none_is_taken(department: str) -> None:
    assert check_ci("4567890", "", department.lower()).department == department


def test_an_unknown_department_is_refused_on_its_field() -> None:
    with pytest.raises(RuleError) as refused:
        check_ci("4567890", "", "XX")
    assert (refused.value.code, refused.value.field) == ("ci_department", "ci_department")


@pytest.mark.parametrize("number", ["123", "12345678901", "45678a0", "٤٥٦٧٨٩٠"])
def test_the_number_is_four_to_ten_plain_digits(number: str) -> None:
    with pytest.raises(RuleError):
        check_ci(number)


@pytest.mark.parametrize("complement", ["A1", "1", "A", "11", "1Ñ"])
def test_the_complement_is_a_digit_and_a_letter(complement: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_ci("4567890", complement)
    assert refused.value.field == "ci_complement"


def test_it_is_shown_as_it_is_printed_on_the_card() -> None:
    assert str(Ci("4567890", "1A", "CB")) == "4567890-1A CB"
    assert str(Ci("4567890", "", "CB")) == "4567890 CB"
    assert str(Ci("4567890")) == "4567890"
