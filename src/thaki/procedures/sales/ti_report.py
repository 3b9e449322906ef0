"""The T.I. report of step 25: what the state that it gives an order changes. Pure."""

from __future__ import annotations

from enum import StrEnum

from thaki.records.text import fold

# What the reports call each state of an order, folded (no accents, small letters).
WORDS = {
    "acknowledged": ("ingresada", "ingresado", "registrada", "registrado", "pendiente", "abierta", "acknowledged"),
    "in_progress": ("en ejecucion", "en proceso", "en curso", "asignada", "asignado", "programada", "in progress", "inprogress"),
    "completed": (
        "atendido cerrada", "atendido cerrado", "atendida cerrada", "atendido", "atendida", "cerrada", "cerrado", "finalizada",
        "completada", "completed",
    ),
    "cancelled": ("anulada", "anulado", "cancelada", "cancelado", "rechazada", "rechazado", "cancelled"),
}  # fmt: skip
_STATES = {word: state for state, words in WORDS.items() for word in words}


class Change(StrEnum):
    """What a row of the report does."""

    SAME = "same"  # the order is there already
    STARTS = "starts"  # it goes to the field
    CLOSES = "closes"  # ATENDIDO/CERRADA: step 25 is done
    COMPLETES = "completes"  # the order is attended, but its sale has not come to 25 yet
    ANNULS = "annuls"  # it is annulled: step 25 waits for a decision, 20 or for good
    BACKWARDS = "backwards"  # refused: an order that is over does not come back
    MISSING = "missing"  # refused: there is no such order


REFUSED = frozenset({Change.BACKWARDS, Change.MISSING})


def parse_state(text: str) -> str:
    """The order's state that a report's word means; "" for a word that nobody knows."""
    said = " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
    return _STATES.get(said, "")


def difference(now: str, told: str, *, at_follow_up: bool) -> Change:
    """What changes when an order in state `now` is told to be in another; `at_follow_up`: its sale waits at step 25."""
    if now == told == "completed" and at_follow_up:
        return Change.CLOSES  # the BSS told the order already, nobody closed the sale
    if now == told:
        return Change.SAME
    if now in ("completed", "cancelled") or told == "acknowledged":
        return Change.BACKWARDS
    if told == "completed":
        return Change.CLOSES if at_follow_up else Change.COMPLETES
    return Change.STARTS if told == "in_progress" else Change.ANNULS
