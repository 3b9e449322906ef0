"""How Bolivia writes things."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from thaki.ui import formats

NOW = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)


def test_instants_are_shown_in_la_paz() -> None:
    assert formats.format_instant(NOW) == "21/11/2026 14:05"
    assert formats.format_date(datetime(2026, 11, 22, 2, 0, tzinfo=UTC)) == "21/11/2026"


def test_days_are_shown_as_they_are() -> None:
    assert formats.format_date(date(2026, 11, 21)) == "21/11/2026"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.5", "Bs 1.234,50"), ("0", "Bs 0,00"), ("-15.005", "Bs -15,01"), ("1000000", "Bs 1.000.000,00")],
)
def test_money(amount: str, text: str) -> None:
    assert formats.format_money(Decimal(amount)).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("told", "text"),
    [("71234567", "712 34567"), ("59171234567", "712 34567"), ("+591 4 425 1234", "442 51234"), ("4251234", "4251234")],
)
def test_telephones(told: str, text: str) -> None:
    assert formats.format_phone(told).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "menos de 1 min"),
        (timedelta(minutes=20), "20 min"),
        (timedelta(hours=1, minutes=15), "1 h 15 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=1, hours=3, minutes=9), "1 día y 3 h"),
        (timedelta(days=12, hours=3), "12 días"),
        (-timedelta(minutes=5), "5 min"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert formats.format_span(span) == words


def test_ago_and_ahead() -> None:
    assert formats.format_ago(NOW - timedelta(minutes=20), NOW) == "hace 20 min"
    assert formats.format_ago(NOW + timedelta(hours=2), NOW) == "en 2 h"


def test_what_is_unknown_is_a_dash() -> None:
    writers = (formats.format_money, formats.format_instant, formats.format_phone, formats.format_metres)
    assert {write(None) for write in writers} == {"—"}


def test_distances_speeds_and_sizes() -> None:
    assert formats.format_metres(85.4) == "85\u00a0m"
    assert formats.format_metres(1250) == "1,3\u00a0km"
    assert formats.format_speed(7.5) == "7,5\u00a0Mbps"
    assert formats.format_size(2_200_000) == "2,1\u00a0MB"


def test_initials() -> None:
    assert formats.initials("Ana María Quispe") == "AQ"
    assert formats.initials("Ana") == "A"
    assert formats.initials("") == "?"
