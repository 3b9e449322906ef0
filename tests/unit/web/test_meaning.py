"""What a text typed in the search box may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.records.text import fold, trigrams
from thaki.web.meaning import Meant, meant, telling


def read(text: str) -> Meant:
    """As it is read in 2026."""
    return meant(text, ("GVD",), 2026)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123", "GVD-2024-000123"),
        ("2025-123", "GVD-2025-000123"),
        ("gvd 123", "GVD-2026-000123"),
        ("caso 123", "GVD-2026-000123"),
        ("GVD-2026-000123", "GVD-2026-000123"),
        ("orden n° 77", "OS-2026-000077"),
        ("cs-40", "CS-2026-000040"),
        ("XK-17/A", "XK-17/A"),
    ],
)
def test_a_number_is_understood_in_parts(text: str, number: str) -> None:
    assert number in read(text).numbers


@pytest.mark.parametrize(
    "text", ["+591 712 34567", "591-71234567", "0591 71234567", "712 34567", "71234567", "(712) 34-567"]
)
def test_a_telephone_is_understood_however_it_is_written(text: str) -> None:
    assert read(text).phones == ("71234567",)


def test_a_line_of_seven_digits_is_also_looked_for_with_the_area() -> None:
    assert read("425 1234").phones == ("4251234", "44251234")


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4567890", ("4567890", "")),
        ("4.567.890", ("4567890", "")),
        ("4567890-1A", ("4567890", "1A")),
        ("ci 4567890 1a cb", ("4567890", "1A")),
    ],
)
def test_a_card_is_understood_with_and_without_complement(text: str, card: tuple[str, str]) -> None:
    assert (read(text).card, read(text).complement) == card


def test_a_slip_is_understood_with_blanks_and_leading_zeros() -> None:
    assert read("comprobante 00 632-069 77").slip == "63206977"


@pytest.mark.parametrize("text", ["María Ñuñez", "quispe mam", "J. Pérez-Gil"])
def test_a_name_is_nothing_else(text: str) -> None:
    assert read(text).words == tuple(fold(text).split())
    assert not read(text).has_signs


@pytest.mark.parametrize("text", ["", "m", " ", "%", "\x01", "…"])
def test_what_is_too_short_or_no_word_means_nothing(text: str) -> None:
    assert not read(text).has_signs
    assert not read(text).words


@given(st.text(max_size=90))
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    said = read(text)
    assert not set("%_") & set("".join((*said.phones, *said.words, said.slip)))


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_begins_a_word_of_a_name_finds_it_by_few_trigrams(before: str, word: str) -> None:
    stored = set(trigrams(f"{before} {word}"))
    for end in range(1, len(word) + 1):
        words = fold(word[:end]).split()
        assert len(telling(words)) <= 2 * len(words)
        assert set(telling(words)) <= stored
