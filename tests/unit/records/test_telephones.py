"""Telephones of Bolivia: 8 digits, and a local number of 7 wants its area digit."""

import pytest

from thaki.records.customers.rules import PhoneNumber, parse_phone
from thaki.records.reasons import RuleError


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("71234567", "71234567", "mobile"),
        ("6123-4567", "61234567", "mobile"),
        ("+591 71234567", "71234567", "mobile"),
        ("591 71234567", "71234567", "mobile"),
        ("0059171234567", "71234567", "mobile"),
        ("(4) 425-1234", "44251234", "fixed"),
        ("2 2123456", "22123456", "fixed"),
        ("33412345", "33412345", "fixed"),
    ],
)
def test_it_reads_a_number_however_it_is_written(typed: str, number: str, kind: str) -> None:
    assert parse_phone(typed) == PhoneNumber(number, kind)


def test_seven_digits_are_not_guessed_at() -> None:
    with pytest.raises(RuleError) as refused:
        parse_phone("425-1234")
    assert refused.value.code == "phone_needs_area"
    assert refused.value.params == {"number": "4251234"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_unreadable"),
        ("celular", "phone_unreadable"),
        ("7123456a", "phone_unreadable"),
        ("123456", "phone_length"),
        ("712345678", "phone_length"),
        ("51234567", "phone_first_digit"),
        ("81234567", "phone_first_digit"),
        ("91234567", "phone_first_digit"),
        ("+54 11 5555 1234", "phone_foreign"),
    ],
)
def test_it_says_what_is_wrong_with_a_number(typed: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_phone(typed, on="celular")
    assert (refused.value.code, refused.value.field) == (code, "celular")


def test_whatsapp_writes_it_with_the_country_before() -> None:
    assert parse_phone("71234567").e164 == "59171234567"
