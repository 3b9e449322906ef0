"""What the T.I. report says of an order, and what that changes (25)."""

import pytest

from thaki.procedures.sales.ti_report import Change, difference, parse_state


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("ATENDIDO/CERRADA", "completed"), ("Atendido / Cerrada", "completed"), (" cerrada ", "completed"),
        ("EN EJECUCIÓN", "in_progress"), ("en_proceso", "in_progress"), ("Ingresada", "acknowledged"),
        ("ANULADA", "cancelled"), ("Cancelado", "cancelled"), ("", ""), ("perdida", ""), ("cerrada?", "completed"),
    ],
)  # fmt: skip
def test_states_are_read_as_people_write_them(said: str, state: str) -> None:
    assert parse_state(said) == state


@pytest.mark.parametrize(
    ("now", "told", "at_25", "change"),
    [
        ("acknowledged", "acknowledged", False, Change.SAME),
        ("acknowledged", "in_progress", False, Change.STARTS),
        ("in_progress", "completed", True, Change.CLOSES),
        ("in_progress", "completed", False, Change.COMPLETES),
        ("completed", "completed", True, Change.CLOSES),  # the BSS told it already, the sale is still open
        ("completed", "completed", False, Change.SAME),
        ("in_progress", "cancelled", True, Change.ANNULS),
        ("in_progress", "acknowledged", True, Change.BACKWARDS),
        ("completed", "cancelled", True, Change.BACKWARDS),
        ("cancelled", "completed", True, Change.BACKWARDS),
        ("cancelled", "cancelled", True, Change.SAME),
    ],
)
def test_an_order_goes_on_and_never_back(now: str, told: str, at_25: bool, change: Change) -> None:
    assert difference(now, told, at_follow_up=at_25) is change
