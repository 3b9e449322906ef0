"""Time left, paging, states, and numbers as people type them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from thaki.ui.due import time_left
from thaki.ui.paging import page_of
from thaki.ui.states import State, Tone, define, look_up
from thaki.ui.widgets import plain_number

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def test_what_is_late_says_so() -> None:
    left = time_left(NOW - timedelta(minutes=25), NOW)
    assert (left.words, left.tone) == ("atrasada 25 min", Tone.BAD)


def test_the_last_fifth_of_its_time_warns() -> None:
    opened = NOW - timedelta(hours=8)
    assert time_left(NOW + timedelta(hours=2), NOW, opened).tone is Tone.WARN
    assert time_left(NOW + timedelta(hours=3), NOW, opened).tone is Tone.NEUTRAL


def test_without_a_due_time_there_is_none() -> None:
    assert time_left(None, NOW).words == "sin plazo"


def test_paging_knows_the_next_page_without_counting() -> None:
    page = page_of(list(range(7)), RequestFactory().get("/", {"pagina": "2"}), size=3)
    assert (list(page.rows), page.first, page.last, page.has_next, page.has_previous) == ([3, 4, 5], 4, 6, True, True)


@pytest.mark.parametrize("asked", ["0", "-3", "dos", "", "9999999999", "²"])
def test_nonsense_in_the_address_is_the_first_page(asked: str) -> None:
    assert page_of([1, 2], RequestFactory().get("/", {"pagina": asked})).number == 1


def test_a_state_nobody_defined_shows_its_code() -> None:
    assert look_up("nothing", "odd") == State("odd")


def test_rooms_add_their_states() -> None:
    define("invented", {"on": State("Encendido", Tone.GOOD)})
    assert look_up("invented", "on").shape == "circle-check"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,50", "1234.50"),
        ("1234.50", "1234.50"),
        ("Bs 1.234", "1234"),
        ("1,5", "1.5"),
        ("12", "12"),
        ("mil", "mil"),
    ],
)
def test_amounts_as_people_type_them(typed: str, number: str) -> None:
    assert plain_number(typed) == number
