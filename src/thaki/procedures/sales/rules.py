"""Rules of steps 1 to 8; pure. Each returns codes, the screens put them into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar
from urllib.parse import quote

# ------------------------------------------------------------- contact attempts (R-A9)
FAILED = frozenset({"no_answer"})
SIGNS_OF_LIFE = frozenset({"talked", "call_back"})
LOST_AT_ONCE = {"not_interested": "not_interested", "false_data": "false_data"}  # result -> reason at step 19

# The signed steps at which the customer is awaited, and those at which he may still withdraw (R-A7).
AWAITED_STEPS = (1, 2, 3, 4, 8, 9, 10, 11)
WITHDRAWAL_STEPS = (9, 10, 11, 12)


def failed_in_a_row(results: Sequence[str]) -> int:
    """How many attempts failed since the last sign of life; `results` from the oldest to the newest."""
    count = 0
    for result in reversed(results):
        if result in SIGNS_OF_LIFE:
            break
        count += result in FAILED
    return count


def lost_because(results: Sequence[str], allowed: int) -> str:
    """The reason for which the sale goes to step 19 after these attempts; "" while it goes on.

    "After 5 attempts": `allowed` of them without an answer in a row. Not interested and false data count at once.
    """
    if results and results[-1] in LOST_AT_ONCE:
        return LOST_AT_ONCE[results[-1]]
    return "no_answer" if failed_in_a_row(results) >= allowed else ""


def left_at(step: int) -> int:
    """The step at which a sale lost at `step` is taken up again: one withdrawn at 12 pays anew at 11 (R-A3)."""
    return 11 if step == 12 else step


# ------------------------------------------------------------- category (2)
_COMPANY = re.compile(
    r"\b(s\.?\s?r\.?\s?l|s\.?\s?a|ltda|empresas?|compañ[ií]a|cooperativa|fundaci[oó]n|instituto|colegio|hotel|"
    r"restaurante?|farmacia|cl[ií]nica|consultora|constructora|importadora|corporativ[oa])\b\.?",
    re.IGNORECASE,
)


def looks_like_business(*texts: str) -> bool:
    """Whether a name or a message speaks of a company; a hint for step 2, never a decision."""
    return any(_COMPANY.search(text) for text in texts)


# ------------------------------------------------------------- need (4)
SUGGESTED_MBPS = {"browsing": 30, "study": 50, "home_business": 60, "streaming": 60, "telework": 80, "gaming": 100}


def suggested_mbps(use_type: str) -> int | None:
    """A speed that fits the kind of use, to start the talk with; None where nothing is known."""
    return SUGGESTED_MBPS.get(use_type)


# ------------------------------------------------------------- line parameters (7)
class Quality:
    """How good a line's parameters are."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to which attenuation and from which signal-to-noise ratio a line of a technology is good, or still fair."""

    good_attenuation_db: Decimal
    fair_attenuation_db: Decimal
    good_snr_db: Decimal
    fair_snr_db: Decimal


# Ours (the source names no numbers): usual acceptance values of GPON class B+, DOCSIS 3, ADSL2+ and fixed wireless.
LIMITS = {
    "FO": Limits(Decimal(25), Decimal(28), Decimal(0), Decimal(0)),
    "HFC": Limits(Decimal(10), Decimal(15), Decimal(33), Decimal(30)),
    "ADSL": Limits(Decimal(30), Decimal(45), Decimal(12), Decimal(8)),
    "WIRELESS": Limits(Decimal(75), Decimal(85), Decimal(25), Decimal(18)),
}


class LineLike(Protocol):
    """What is read of a measured line."""

    @property
    def technology(self) -> str: ...
    @property
    def attenuation_db(self) -> Decimal: ...
    @property
    def snr_db(self) -> Decimal: ...
    @property
    def sync_down_mbps(self) -> Decimal: ...


def line_quality(line: LineLike) -> str:
    """Good, fair or poor, by the worse of attenuation and signal-to-noise ratio."""
    limits = LIMITS.get(line.technology)
    if limits is None:
        return Quality.FAIR
    if line.attenuation_db <= limits.good_attenuation_db and line.snr_db >= limits.good_snr_db:
        return Quality.GOOD
    if line.attenuation_db <= limits.fair_attenuation_db and line.snr_db >= limits.fair_snr_db:
        return Quality.FAIR
    return Quality.POOR


# ------------------------------------------------------------- automatic answer (R-A8)
@dataclass(frozen=True, slots=True)
class Reach:
    """What the coverage data say of one technology at the address."""

    technology: str
    serviceable: bool
    max_mbps: int
    reason: str = ""  # a code of choices.CapacityReason when it is not serviceable


@dataclass(frozen=True, slots=True)
class CapacityAnswer:
    """An answer to step 7."""

    capacity: str  # yes, no
    technology: str = ""
    max_mbps: int | None = None
    reason: str = ""


def automatic_answer(reaches: Iterable[Reach], lines: Iterable[LineLike], wanted_mbps: int) -> CapacityAnswer | None:
    """What the line records say by themselves (R-A8); None when they do not suffice and Help Desk has to look.

    A technology counts only if a measured line of it stands near: its sync speed bounds what can be promised, and a poor
    line promises nothing. Among the technologies the first that carries the wanted speed wins, else the fastest.
    """
    listed = list(reaches)
    served = [reach for reach in listed if reach.serviceable]
    if not served:
        return CapacityAnswer("no", reason=listed[0].reason if listed else "no_coverage")
    measured = list(lines)
    promised = [(reach.technology, speed) for reach in served if (speed := _promise(reach, measured))]
    if not promised:
        return None
    enough = [each for each in promised if each[1] >= wanted_mbps]
    technology, speed = enough[0] if enough else max(promised, key=lambda each: each[1])
    return CapacityAnswer("yes", technology, speed)


def _promise(reach: Reach, lines: Sequence[LineLike]) -> int:
    """The speed that a technology can promise, by the best of the lines measured near; 0 without one that is good enough."""
    near = [line for line in lines if line.technology == reach.technology and line_quality(line) != Quality.POOR]
    return min(reach.max_mbps, int(max((line.sync_down_mbps for line in near), default=Decimal(0))))


# ------------------------------------------------------------- plans (8)
# What also goes over a line of each technology, beside the plans of the technology itself.
COMPANIONS = {"FO": ("TV", "TEL"), "HFC": ("TV", "TEL"), "ADSL": ("TEL",), "WIRELESS": ()}


class PlanLike(Protocol):
    """What is read of a commercial plan."""

    @property
    def kind(self) -> str: ...
    @property
    def technology(self) -> str: ...
    @property
    def down_mbps(self) -> int: ...
    @property
    def tariff_bob(self) -> Decimal: ...


P = TypeVar("P", bound=PlanLike)


def fits(plan: PlanLike, technology: str, max_mbps: int) -> bool:
    """Whether the address can have the plan: its technology reaches it, and the speed is within what Help Desk confirmed."""
    return plan.technology in (technology, *COMPANIONS.get(technology, ())) and plan.down_mbps <= max_mbps


def by_need(plans: Iterable[P], wanted_kind: str, wanted_mbps: int | None) -> list[P]:
    """Plans, the fittest first: of the wanted kind, fast enough, cheapest; then those that fall short, the fastest first."""
    wanted = wanted_mbps or 0

    def place(plan: P) -> tuple[bool, bool, Decimal, Decimal]:
        short = plan.down_mbps < wanted
        return (bool(wanted_kind) and plan.kind != wanted_kind, short, Decimal(-plan.down_mbps if short else 0), plan.tariff_bob)

    return sorted(plans, key=place)


# ------------------------------------------------------------- telephones and messages
COUNTRY_CODE = "591"


def whatsapp_link(phone: str, text: str) -> str:
    """The wa.me address that opens a chat with an 8-digit mobile and a ready text; "" for a number that is no mobile."""
    if len(phone) != 8 or phone[0] not in "67":
        return ""
    return f"https://wa.me/{COUNTRY_CODE}{phone}?text={quote(text)}"
