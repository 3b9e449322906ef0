"""A technician's visit: whose clock rules, what a failed visit needs, and what must be there before an order is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from thaki.records.reasons import RuleError
from thaki.records.work_orders.rules_visit import check_complete, check_failure, is_large, server_time, skew_of

ISSUED = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
RECEIVED = ISSUED + timedelta(hours=50)
DAY = timedelta(days=1)


def told(device_at: datetime, sent_device_at: datetime) -> datetime:
    return server_time(device_at, skew=skew_of(sent_device_at, RECEIVED), earliest=ISSUED, received_at=RECEIVED)


def test_a_telephone_that_is_right_is_believed() -> None:
    assert told(ISSUED + timedelta(hours=3), RECEIVED) == ISSUED + timedelta(hours=3)


@pytest.mark.parametrize("ahead", [DAY, -DAY, 400 * DAY])
def test_a_clock_that_is_wrong_is_wrong_by_as_much_when_it_sends(ahead: timedelta) -> None:
    assert told(ISSUED + timedelta(hours=3) + ahead, RECEIVED + ahead) == ISSUED + timedelta(hours=3)


def test_nothing_happens_before_the_order_nor_after_it_is_told() -> None:
    assert told(ISSUED - DAY, RECEIVED) == ISSUED
    assert told(RECEIVED + DAY, RECEIVED) == RECEIVED


def test_two_days_without_signal_are_no_skew() -> None:
    assert not is_large(skew_of(RECEIVED + timedelta(minutes=2), RECEIVED))
    assert is_large(skew_of(RECEIVED + DAY, RECEIVED))


NOTHING: dict[str, Any] = {"at": ISSUED, "note": "", "proof": False, "until": None}


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("gone", {}, "visit_failure_kind"),
        ("absent", {}, "visit_absence_proof"),
        ("refused", {}, "visit_failure_note"),
        ("plant_fault", {"note": " "}, "visit_failure_note"),
        ("postponed", {}, "visit_postponed_until"),
        ("postponed", {"until": ISSUED}, "visit_postponed_past"),
        ("postponed", {"until": ISSUED + 16 * DAY}, "visit_postponed_far"),
    ],
)
def test_a_failed_visit_says_what_lacks(kind: str, more: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_failure(kind, **NOTHING | more)
    assert refused.value.code == code


def test_each_failed_visit_with_what_it_needs_is_taken() -> None:
    check_failure("absent", at=ISSUED, note="", proof=True, until=None)
    check_failure("refused", at=ISSUED, note="Perro suelto", proof=False, until=None)
    check_failure("postponed", at=ISSUED, note="", proof=False, until=ISSUED + DAY)


WHOLE: dict[str, Any] = {
    "arrived": True,
    "tasks": 1,
    "services": {"Internet": True, "TV": True},
    "wanted": frozenset({"Internet", "TV"}),
    "papers": {"work_order": True},
}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"arrived": False}, "visit_not_arrived"),
        ({"tasks": 0}, "visit_no_task"),
        ({"services": {"Internet": True}}, "visit_service_untried"),
        ({"services": {"Internet": True, "TV": False}}, "visit_service_fails"),
        ({"papers": {}}, "visit_no_paper"),
        ({"papers": {"work_order": False}}, "visit_unsigned"),
    ],
)
def test_an_order_is_closed_only_when_nothing_lacks(more: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_complete(**WHOLE | more)
    assert refused.value.code == code


def test_a_whole_visit_closes_the_order() -> None:
    check_complete(**WHOLE)
