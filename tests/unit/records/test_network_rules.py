"""Whether and how fast a place can be served."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.records.network.rules import (
    ACCESS_TECHNOLOGIES,
    Candidate,
    NearLine,
    TechnologyVerdict,
    answer_capacity,
    best_verdict,
    bounding_box,
    check_place,
    check_polygon,
    contains,
    distance_m,
    judge,
    speed_at,
)
from thaki.records.reasons import RuleError

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-66.2, -17.4], [-66.1, -17.4], [-66.1, -17.3], [-66.2, -17.3], [-66.2, -17.4]]],
}


def point(distance: int = 100, free: int = 5, code: str = "A", reach: int = 600, mbps: int = 300) -> Candidate:
    """An access point at a distance."""
    return Candidate(code, distance, free, reach, mbps)


def codes(verdict: TechnologyVerdict) -> list[str]:
    """The reasons' codes."""
    return [r.code for r in verdict.reasons]


def test_distance_agrees_with_what_is_known() -> None:
    assert distance_m(-17.3935, -66.1570, -17.3935, -66.1570) == 0
    assert distance_m(-17.3935, -66.1570, -17.3980, -66.2780) == pytest.approx(
        12_850, rel=0.01
    )  # Centro to Quillacollo


def test_the_border_belongs_to_the_polygon() -> None:
    assert contains(SQUARE, -17.35, -66.15)
    assert contains(SQUARE, -17.4, -66.15)
    assert not contains(SQUARE, -17.41, -66.15)
    assert bounding_box(SQUARE) == (-17.4, -17.3, -66.2, -66.1)


@pytest.mark.parametrize(
    "polygon", [{}, {"type": "Point", "coordinates": [0, 0]}, {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}]
)
def test_what_is_no_polygon_is_refused(polygon: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        check_polygon(polygon)


@pytest.mark.parametrize(("lat", "lon"), [(-66.15, -17.39), (17.39, -66.15), (0, 0), (-17.39, 66.15)])
def test_a_pin_outside_the_country_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(RuleError):
        check_place(lat, lon)


@pytest.mark.parametrize(
    ("technology", "distance", "mbps"),
    [
        ("FO", 600, 300),
        ("FO", 601, 0),
        ("ADSL", 500, 24),
        ("ADSL", 501, 20),
        ("WIRELESS", 200, 300),
        ("WIRELESS", 600, 90),
    ],
)
def test_fibre_keeps_its_speed_and_copper_and_radio_lose_it(technology: str, distance: int, mbps: int) -> None:
    assert speed_at(technology, distance, 600, 300) == mbps


@given(st.sampled_from(ACCESS_TECHNOLOGIES), st.integers(0, 9_000), st.integers(1, 6_000), st.integers(1, 500))
def test_farther_is_never_faster(technology: str, distance: int, reach: int, mbps: int) -> None:
    assert mbps >= speed_at(technology, distance, reach, mbps) >= speed_at(technology, distance + 50, reach, mbps) >= 0


def test_outside_the_area_nothing_is_sold_however_near_the_box() -> None:
    verdict = judge("FO", None, [point()], 30)
    assert (verdict.available, codes(verdict)) == (False, ["out_of_area"])


def test_an_area_without_boxes_says_so() -> None:
    assert codes(judge("FO", 300, [], 30)) == ["no_access_point"]


def test_beyond_reach_the_nearest_box_and_its_reach_are_told() -> None:
    verdict = judge("FO", 300, [point(700)], 30)
    assert verdict.reasons[0].params == {"distance_m": 700, "reach_m": 600, "access_point": "A"}
    assert verdict.distance_m == 700


def test_full_boxes_in_reach_are_told() -> None:
    assert codes(judge("FO", 300, [point(free=0), point(200, 0)], 30)) == ["no_free_ports"]


def test_the_next_box_serves_when_the_nearest_is_full() -> None:
    verdict = judge("FO", 300, [point(free=0), point(200, 5, "B")], 30)
    assert (verdict.available, verdict.access_point, verdict.distance_m) == (True, "B", 200)
    assert "nearest_full" in codes(verdict)


def test_few_ports_left_is_a_warning() -> None:
    assert "few_ports" in codes(judge("FO", 300, [point(free=2)], 0))
    assert "free_ports" in codes(judge("FO", 300, [point(free=3)], 0))


def test_the_area_limits_the_speed() -> None:
    verdict = judge("FO", 50, [point()], 60)
    assert (verdict.max_mbps, verdict.meets_wanted) == (50, False)
    assert {"speed_of_area", "less_speed"} <= set(codes(verdict))


def test_exactly_the_wanted_speed_is_enough() -> None:
    assert judge("FO", 60, [point()], 60).meets_wanted


def test_a_verdict_survives_being_kept() -> None:
    verdict = judge("FO", 50, [point()], 60)
    assert TechnologyVerdict.from_json(verdict.to_json()) == verdict


def test_the_best_technology_that_meets_the_wish_is_proposed() -> None:
    fo, hfc = judge("FO", 300, [point()], 50), judge("HFC", 100, [point(mbps=100)], 50)
    assert best_verdict([hfc, fo]) == fo
    slow = judge("FO", 20, [point()], 50)
    assert best_verdict([slow, hfc]) == hfc
    assert best_verdict([judge("FO", None, [], 50)]) is None


def line(mbps: str, distance: int = 100, snr: str = "12.0", technology: str = "ADSL") -> NearLine:
    """A neighbour's line."""
    return NearLine("44000000", technology, distance, Decimal(mbps), Decimal(30), Decimal(snr))


def test_copper_is_answered_by_what_the_neighbours_have() -> None:
    adsl = judge("ADSL", 24, [point(400, reach=4000, mbps=24)], 12)
    answer = answer_capacity([adsl], [line("6.5"), line("8.2"), line("7.9"), line("20", 700)], 12)
    assert (answer.capacity, answer.max_mbps) == (True, 7)
    assert "less_speed" in [r.code for r in answer.reasons]


def test_fibre_is_taken_at_the_coverages_word() -> None:
    fo = judge("FO", 300, [point()], 100)
    assert answer_capacity([fo], [line("20", technology="FO")], 100).max_mbps == 300


def test_noisy_neighbours_are_told() -> None:
    adsl = judge("ADSL", 24, [point(400, reach=4000, mbps=24)], 0)
    assert "neighbours_noisy" in [r.code for r in answer_capacity([adsl], [line("8", snr="8.9")], 0).reasons]


def test_nothing_available_is_a_no_with_every_technologys_reason() -> None:
    answer = answer_capacity([judge("FO", None, [], 0), judge("HFC", 100, [], 0)], [], 30)
    assert not answer.capacity
    assert [r.code for r in answer.reasons] == ["out_of_area", "no_access_point"]
