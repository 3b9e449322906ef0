"""What a person types as a policy's value."""

from decimal import Decimal

import pytest

from thaki.people.policies import BadValue, Definition, Kind, parse, serialise


def known(kind: Kind, default: object = 0, minimum: int | None = 0, maximum: int | None = None) -> Definition:
    low, high = (None if n is None else Decimal(n) for n in (minimum, maximum))
    return Definition("x.y", default, "", "", "", kind, low, high)  # type: ignore[arg-type]  # any default will do here


def test_a_decimal_comma_is_read() -> None:
    assert parse(known(Kind.PERCENT), "98,5") == Decimal("98.5")


def test_whole_numbers_stay_whole() -> None:
    assert parse(known(Kind.INTEGER), "15") == 15
    with pytest.raises(BadValue, match="entero"):
        parse(known(Kind.INTEGER), "1,5")


@pytest.mark.parametrize("text", ["quince", "", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse(known(Kind.DECIMAL), text)


def test_bounds_are_told() -> None:
    with pytest.raises(BadValue, match="mínimo es 1"):
        parse(known(Kind.INTEGER, minimum=1), "0")
    with pytest.raises(BadValue, match="máximo es 100"):
        parse(known(Kind.PERCENT, maximum=100), "101")


def test_yes_and_no_survive_being_stored() -> None:
    assert serialise(parse(known(Kind.BOOLEAN), "true")) == "true"
    assert parse(known(Kind.BOOLEAN), serialise(False)) is False


def test_office_hours_are_checked() -> None:
    assert parse(known(Kind.HOURS), "08:00-16:00") == "08:00-16:00"
    with pytest.raises(BadValue, match="08:30-12:30"):
        parse(known(Kind.HOURS), "16:00-08:00")


def test_dates_are_checked() -> None:
    assert parse(known(Kind.DATES), "2026-12-24, 2026-12-31") == "2026-12-24, 2026-12-31"
    with pytest.raises(BadValue):
        parse(known(Kind.DATES), "24/12/2026")
