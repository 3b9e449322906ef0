"""When two prospects may be one person: the evidence, its score, and what a merge fills and gives back. Pure.

Two prospects are compared only if they share a *key*: a telephone, an e-mail, a carnet, or a pair of words of the name together
with a word of the address. Keys are exact and stored under an index, so a comparison costs the same among two thousand prospects
and two millions. Whoever shares no key is not proposed: a name alone is no sign (there are many who are called Juan Mamani).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

from rapidfuzz.fuzz import token_set_ratio

from thaki.records.customers.rules import combined, name_likeness
from thaki.records.reasons import Reason, reason
from thaki.records.text import fold, sound, sounds

PROPOSED_FROM = 50  # what scores less is not shown
SURE_FROM = 90
LIKELY_FROM = 72
# How sure one sign alone makes us (of 100). A telephone or an e-mail may be the family's, so the name weighs on them.
CI, PHONE, EMAIL = 92, 60, 58
SAME_NAME, ALIKE_NAME = 96, 84  # of name_likeness
NAME_SURE, NAME_ALIKE = 45, 30
ADDRESS_LIKE = 86  # of token_set_ratio
ADDRESS = 40
OTHER_NAME_BELOW = 55  # names that have nothing to do with each other
OTHER_NAME_HALVES = 0.5
OTHER_CI_LEAVES = 0.35  # two carnets are two persons, unless one was written wrongly
WORDS, PLACES = 4, 2  # how many words of a name and of an address make keys
_NO_PLACE = frozenset(
    """av avda avenida calle c pasaje psje zona barrio urbanizacion urb edificio edif piso dpto departamento nro no num numero
    km esq esquina entre frente lado casa este oeste norte sud sur final cochabamba cercado
    s n sn de del la las los el y""".split()  # noqa: SIM905 - a list of words is read more easily so
)


class Person(Protocol):
    """What is compared of a prospect."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def ci_number(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two prospects are, and why."""

    score: int  # 0 to 100
    evidence: tuple[Reason, ...]

    @property
    def proposed(self) -> bool:
        """Whether people should be asked."""
        return self.score >= PROPOSED_FROM


def level(score: int) -> str:
    """sure, likely or doubtful."""
    return "sure" if score >= SURE_FROM else "likely" if score >= LIKELY_FROM else "doubtful"


def keys_of(person: Person) -> list[str]:
    """The keys under which a prospect is found by who may be the same."""
    places = place_words(person.address, person.zone)
    pairs = ["+".join(pair) for pair in combinations(sounds(person.name)[:WORDS], 2)] if places else []
    return sure_keys(person) + [f"n{pair}@{place}" for pair in pairs for place in places]


def sure_keys(person: Person) -> list[str]:
    """The keys of a telephone, an e-mail and a carnet."""
    keys = [f"t{person.phone}"] if person.phone else []
    if person.email:
        keys.append(f"e{person.email.casefold()}")
    if person.ci_number:
        keys.append(f"c{person.ci_number}")
    return keys


def place_words(address: str, zone: str) -> list[str]:
    """The words by which an address is known, as they sound: the longest, without those that every address has.

    Each goes with the house's number where there is one: half a town lives in the Avenida América.
    """
    number = next((f"#{word.lstrip('0')}" for word in fold(address).split() if word.isdigit() and word.strip("0")), "")
    words = {sound(word) for word in fold(address or zone).split() if word not in _NO_PLACE and not word.isdigit()}
    longest = sorted((w for w in words if len(w) > 2), key=lambda word: (-len(word), word))[:PLACES]
    return [f"{word}{number}" for word in longest]


def compare(one: Person, other: Person) -> Likeness:
    """The evidence that two prospects are one person."""
    weights: list[float] = []
    evidence: list[Reason] = []

    def found(weight: float, code: str, **values: Any) -> None:
        weights.append(weight)
        evidence.append(reason(code, **values))

    likeness = name_likeness(one.name, other.name)
    trust = OTHER_NAME_HALVES if likeness < OTHER_NAME_BELOW else 1.0
    if one.ci_number and one.ci_number == other.ci_number:
        found(CI, "same_ci", value=one.ci_number)
    if one.phone and one.phone == other.phone:
        found(PHONE * trust, "same_phone", value=one.phone)
    if one.email and one.email.casefold() == other.email.casefold():
        found(EMAIL * trust, "same_email", value=one.email)
    if likeness >= ALIKE_NAME:
        found(NAME_SURE if likeness >= SAME_NAME else NAME_ALIKE, "similar_name", likeness=likeness, value=other.name)
    if (near := address_likeness(one.address, other.address)) >= ADDRESS_LIKE:
        found(ADDRESS, "similar_address", likeness=near, value=other.address)
    score = combined(round(weight) for weight in weights)
    if one.ci_number and other.ci_number and one.ci_number != other.ci_number:
        evidence.append(reason("other_ci", one=one.ci_number, other=other.ci_number))
        score = round(score * OTHER_CI_LEAVES)
    return Likeness(score, tuple(evidence))


def address_likeness(one: str, other: str) -> int:
    """How alike two addresses are, 0 to 100; numbers count, what every address has does not."""
    first, second = (" ".join(w for w in fold(text).split() if w not in _NO_PLACE) for text in (one, other))
    return round(token_set_ratio(first, second)) if first and second else 0


# ---------------------------------------------------------------- merging
FILLED = (
    "phone",
    "email",
    "ci_number",
    "interest",
    "message",
    "zone",
    "address",
    "campaign",
)  # lat and lon go together


def to_fill(survivor: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What the one who stays takes from the other: only what he lacks himself."""
    filled = {name: other[name] for name in FILLED if not survivor[name] and other[name]}
    if survivor["lat"] is None and other["lat"] is not None:
        filled |= {"lat": other["lat"], "lon": other["lon"]}
    return filled


def to_give_back(current: Mapping[str, Any], filled: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes empty again when a merge is undone: what was filled and nobody changed since.

    Somebody who would be left without telephone and e-mail keeps what was filled: he has to be reached.
    """
    unchanged = {name for name, value in filled.items() if current[name] == value}
    if len({"lat", "lon"} & unchanged) == 1:
        unchanged -= {"lat", "lon"}  # a pin that was moved is his own
    if not any(current[name] and name not in unchanged for name in ("phone", "email")):
        unchanged -= {"phone", "email"}
    return {name: None if name in ("lat", "lon") else "" for name in sorted(unchanged)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A prospect as the choice of who stays sees him."""

    id: int
    progress: int  # milestones that his open case has reached; -1 without an open case
    received: float  # seconds


def stays(one: Candidate, other: Candidate) -> Candidate:
    """Who stays when two are merged: whose case is further on, else who came first."""
    return min((one, other), key=lambda each: (-each.progress, each.received, each.id))


def pairs_of(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Every two of some ids, the smaller first."""
    return combinations(sorted(set(ids)), 2)
