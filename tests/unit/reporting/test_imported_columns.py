"""Proposing which column is which field, and reading the values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from thaki.records.reasons import RuleError
from thaki.reporting.imports import values
from thaki.reporting.imports.kinds import Field
from thaki.reporting.imports.mapping import fitting, propose, row_values, signature

FIELDS = (
    Field("name", "Nombre", aliases=("nombre completo", "cliente")),
    Field("phone", "Celular o teléfono", aliases=("celular", "telefono", "phone_number")),
    Field("email", "Correo electrónico", aliases=("email", "correo")),
)


def test_headings_are_known_by_their_likeness_without_accents_or_case() -> None:
    assert propose(["Zona", "NOMBRE  COMPLETO", "Teléfono", "E-mail"], FIELDS) == {"name": 1, "phone": 2, "email": 3}


def test_a_column_is_proposed_once_and_the_better_heading_wins() -> None:
    assert propose(["Nombres", "Nombre"], FIELDS) == {"name": 1}


def test_nothing_alike_is_no_proposal() -> None:
    assert propose(["A", "B", ""], FIELDS) == {}


def test_a_remembered_column_that_the_file_lacks_is_let_go() -> None:
    assert fitting({"name": 0, "phone": 5, "gone": 1, "email": 0}, ["x", "y"], FIELDS) == {"name": 0}


def test_the_same_headings_are_the_same_file_to_the_profile() -> None:
    assert signature(["Nombre", "Teléfono"]) == signature(["nombre ", "TELEFONO"]) != signature(["telefono", "nombre"])


def test_a_short_row_has_empty_values() -> None:
    assert row_values(["Ana"], {"name": 0, "phone": 3}, FIELDS) == {"name": "Ana", "phone": "", "email": ""}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1234.5", "1234.5"),
        ("Bs 250", "250"),
        ("12,5", "12.5"),
        ("-3", "-3"),
    ],
)
def test_amounts_are_read_as_people_and_workbooks_write_them(text: str, read: str) -> None:
    assert values.decimal(text, on="amount") == Decimal(read)


@pytest.mark.parametrize("text", ["21/11/2026", "21-11-26", "2026-11-21", "2026-11-21 15:30", "2026-11-21T15:30:00"])
def test_days_are_read_as_people_and_workbooks_write_them(text: str) -> None:
    assert values.day(text, on="day") == date(2026, 11, 21)


def test_an_hour_is_of_bolivia() -> None:
    assert values.instant("21/11/2026 15:30", on="at").isoformat() == "2026-11-21T15:30:00-04:00"


@pytest.mark.parametrize("text", ["31/02/2026", "mañana", "nan", "2026-13-01"])
def test_what_is_no_date_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        values.instant(text, on="day")
    assert refused.value.field == "day"
