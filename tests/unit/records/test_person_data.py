"""NIT, e-mail, names, birth."""

from datetime import date

import pytest

from thaki.records.customers.rules import check_birth, parse_email, parse_nit, split_name, tidy_name
from thaki.records.reasons import RuleError


def test_a_nit_is_digits_only() -> None:
    assert parse_nit(" 102-327-5028 ") == "1023275028"


@pytest.mark.parametrize("typed", ["", "1234", "12345A", "1234567890123456"])
def test_what_is_no_nit_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_nit(typed)


def test_an_email_keeps_its_name_and_its_domain_is_small() -> None:
    assert parse_email(" Ana.Perez+x@Correo.Example ") == "Ana.Perez+x@correo.example"


@pytest.mark.parametrize(
    "typed", ["", "ana", "ana@", "@correo.bo", "ana@correo", "a na@correo.bo", "a@b..bo", "ana@correo.bo\nBcc: x@y.bo"]
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_email(typed)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("JUAN  CARLOS", "Juan Carlos"),
        ("maría de la paz", "María de la Paz"),
        ("pérez-gil", "Pérez-Gil"),
        ("McDonald Ríos", "McDonald Ríos"),
        ("DE LA VEGA", "De la Vega"),
    ],
)
def test_a_name_is_tidied_without_undoing_what_was_meant(typed: str, tidied: str) -> None:
    assert tidy_name(typed) == tidied


@pytest.mark.parametrize("typed", ["", "  ", "...", "Juan 2", "<b>Juan</b>", "a@b"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        tidy_name(typed)


TODAY = date(2026, 11, 21)


def test_eighteen_today_is_old_enough() -> None:
    assert check_birth(date(2008, 11, 21), TODAY) == date(2008, 11, 21)


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2008, 11, 22), "birth_minor"),
        (date(2026, 11, 22), "birth_impossible"),
        (date(1900, 1, 1), "birth_impossible"),
    ],
)
def test_an_impossible_birth_is_refused(born: date, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_birth(born, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Juan Carlos Quispe Mamani", ("Juan Carlos", "Quispe Mamani")),
        ("Ana Flores", ("Ana", "Flores")),
        ("Ana", ("Ana", "")),
        ("María de la Cruz Rojas Arce", ("María de la Cruz", "Rojas Arce")),
        ("Juan Pérez de la Vega", ("Juan Pérez", "de la Vega")),
    ],
)
def test_a_name_in_one_field_is_split_with_two_surnames(full: str, parts: tuple[str, str]) -> None:
    assert split_name(full) == parts
