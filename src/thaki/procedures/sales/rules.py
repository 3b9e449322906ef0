"""Rules of steps 1 to 8; pure. Each returns codes, the screens put them into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

# ------------------------------------------------------------- where the customer is awaited (R-A7, R-A9)
AWAITED_STEPS = (1, 2, 3, 4, 8, 9, 10, 11)
WITHDRAWAL_STEPS = (9, 10, 11, 12)
SIGNS_OF_LIFE = frozenset({"talked", "call_back"})  # results of a contact attempt that show that the customer is there


def failed_in_a_row(results: Sequence[str]) -> int:
    """How many attempts had no answer since the last sign of life; `results` from the oldest to the newest."""
    count = 0
    for result in reversed(results):
        if result in SIGNS_OF_LIFE:
            break
        count += result == "no_answer"
    return count


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


# What the coverage data say, as the structured reason of step 7.
_CAPACITY_REASONS = {
    "out_of_area": "no_coverage",
    "no_access_point": "no_coverage",
    "out_of_reach": "out_of_reach",
    "no_free_ports": "no_ports",
    "neighbours_noisy": "line_parameters",
    "neighbours_measured": "line_parameters",
}


def capacity_reason(codes: Iterable[str]) -> str:
    """The reason of step 7 for what the network's rules said; the one nearest to being solved comes first."""
    found = {_CAPACITY_REASONS.get(code, "other") for code in codes}
    return next(
        (each for each in ("line_parameters", "no_ports", "out_of_reach", "no_coverage") if each in found), "other"
    )


# ------------------------------------------------------------- plans (8)
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


def by_need(plans: Iterable[P], wanted_kind: str, wanted_mbps: int | None) -> list[P]:
    """Plans, the fittest first: of the wanted kind, fast enough, cheapest; then those that fall short, the fastest first."""
    wanted = wanted_mbps or 0

    def place(plan: P) -> tuple[bool, bool, Decimal, Decimal]:
        short = plan.down_mbps < wanted
        return (
            bool(wanted_kind) and plan.kind != wanted_kind,
            short,
            Decimal(-plan.down_mbps if short else 0),
            plan.tariff_bob,
        )

    return sorted(plans, key=place)


# ------------------------------------------------------------- places
_PAIR = re.compile(r"(-?\d{1,2}[.,]\d{3,})\s*[,;/ ]\s*(-?\d{1,3}[.,]\d{3,})")


def parse_pin(text: str) -> tuple[float, float] | None:
    """The place (latitude, longitude) in what was pasted: a pair of numbers, or a map's address that carries one."""
    found = _PAIR.search(unquote(text))
    if not found:
        return None
    lat, lon = (float(part.replace(",", ".")) for part in found.groups())
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


# ------------------------------------------------------------- telephones and messages
# ---------------------------------------------------------------- 19
def technology_asked(confirmed: str, agreed: str, coverage: Sequence[Mapping[str, Any]]) -> str:
    """The technology that a request not served would have had; "" when nothing is known of its place.

    What Help Desk confirmed, else that of the plan agreed, else the first of step 5's verdicts that would do, be it barely.
    """
    if confirmed or agreed:
        return confirmed or agreed
    ranked = sorted(coverage, key=lambda verdict: (not verdict.get("meets_wanted"), not verdict.get("available")))
    return str(ranked[0].get("technology", "")) if ranked else ""
