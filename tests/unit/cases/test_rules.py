"""Numbers, search keys and ISO 8601 times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.cases.rules import (
    Cycle,
    Span,
    case_number,
    folded,
    parse_cycle,
    parse_instant,
    parse_span,
    search_trigrams,
    trigrams,
)

LA_PAZ = timezone(timedelta(hours=-4))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LA_PAZ)


def test_a_case_number_can_be_said() -> None:
    assert case_number("GVD", 2026, 123) == "GVD-2026-000123"


@pytest.mark.parametrize(
    ("text", "key"),
    [("  Mónica  PEÑA ", "monica pena"), ("Ñuflo", "nuflo"), ("Av. América #12", "av america 12"), ("", "")],
)
def test_texts_are_searched_without_accents_but_n_with_tilde_stays(text: str, key: str) -> None:
    assert folded(text) == key


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_begins_a_word_finds_it(before: str, word: str) -> None:
    stored = set(trigrams(f"{before} {word}"))
    for end in range(len(folded(word)) + 1):
        assert set(search_trigrams(folded(word)[:end])) <= stored


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT15M", Span(0, timedelta(minutes=15))),
        ("P15D", Span(0, timedelta(days=15))),
        ("P1M", Span(1)),
        ("P1Y2M3W4DT5H6M7S", Span(14, timedelta(days=25, hours=5, minutes=6, seconds=7))),
    ],
)
def test_durations(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "P", "PT", "15M", "P1.5D", "P-1D", "PT1H ", "P1H"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_span(text)


def test_a_month_after_the_31st_is_the_last_day_of_the_next() -> None:
    assert Span(1).after(at("2026-01-31T08:00")) == at("2026-02-28T08:00")
    assert Span(13).after(at("2026-12-31T08:00")) == at("2028-01-31T08:00")


def test_a_cycle_without_a_start_counts_from_now() -> None:
    assert parse_cycle("R3/PT10M", LA_PAZ).next_after(at("2026-11-23T10:00")) == at("2026-11-23T10:10")


def test_a_cycle_with_a_start_keeps_its_own_day() -> None:
    cycle = parse_cycle("R/2026-01-31T06:00:00/P1M", LA_PAZ)
    assert cycle.next_after(at("2026-02-01T00:00")) == at("2026-02-28T06:00")
    assert cycle.next_after(at("2026-02-28T06:00")) == at("2026-03-31T06:00")
    assert cycle.last_until(at("2026-03-31T05:59")) == at("2026-02-28T06:00")
    assert cycle.last_until(at("2026-01-01T00:00")) is None


@given(st.integers(1, 5000), st.integers(0, 10**7))
def test_occurrences_lie_on_both_sides_of_now(minutes: int, later: int) -> None:
    cycle = Cycle(Span(0, timedelta(minutes=minutes)), at("2026-01-01T00:00"))
    now = at("2026-01-01T00:00") + timedelta(seconds=later)
    last = cycle.last_until(now)
    assert last is not None
    assert last <= now < cycle.next_after(now)
    assert cycle.next_after(now) - last == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["R/PT0S", "R3", "P1D", "R/x/P1D", "R1/2/3/P1D"])
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(ValueError):
        parse_cycle(text, LA_PAZ)


def test_an_instant_without_an_offset_is_in_the_zone_of_the_house() -> None:
    assert parse_instant("2026-01-01T06:00:00", LA_PAZ) == datetime(2026, 1, 1, 10, tzinfo=UTC)
