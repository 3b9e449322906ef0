"""Repeated damage ("daño reiterado"), worked out and explained (RET step 2, reading R-B2). Pure.

Two or more claims on one product within some span of 30 days that ends, with its last claim, within the 30 days before
reception; and without solution: the last claim is open, or it was closed and the fault came back within 30 days, or the
customer says now that it fails. Days are those of the calendar in Bolivia: a claim of the 1st and one of the 31st are 30 apart.
A call about a claim already registered (a reiteration, or its reopening) counts as a claim when the policy says so.

The verdict of a product is `yes`, `no`, or `ask`: claims enough, all of them solved, so that only the customer can say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Literal

from thaki.records.reasons import Reason, RuleError, reason

BOLIVIA = timezone(timedelta(hours=-4))  # all year round
Answer = Literal["yes", "ask", "no"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy values of R-B2."""

    span_days: int = 30  # that the claims lie apart at most
    recent_days: int = 30  # that the last of them lies back at most
    came_back_days: int = 30  # after its closing
    least: int = 2  # claims
    count_reiterations: bool = True


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim as the rule sees it."""

    number: str
    product: int  # the service (its key): two lines of Internet are two products
    claimed_at: datetime
    solved_at: datetime | None = None
    reopened_at: datetime | None = None
    again_at: tuple[datetime, ...] = ()  # each reiteration and each reopening

    @property
    def is_open(self) -> bool:
        """Never solved, or reopened since."""
        return self.solved_at is None or (self.reopened_at is not None and self.reopened_at >= self.solved_at)


@dataclass(frozen=True, slots=True)
class Mark:
    """One call on the line of time, and whether it counts; `why` says so either way."""

    number: str
    at: datetime
    again: bool  # a reiteration or a reopening of the claim, not its registration
    counts: bool
    why: Reason


@dataclass(frozen=True, slots=True)
class Damage:
    """The verdict on one product."""

    product: int
    answer: Answer
    why: Reason
    first_at: datetime | None = None  # the span's first call that counts, and its last
    last_at: datetime | None = None
    marks: tuple[Mark, ...] = ()  # every call on the product, oldest first
    unsolved: Reason | None = None  # why it is held to be without solution

    @property
    def numbers(self) -> tuple[str, ...]:
        """The claims that make it."""
        return tuple(dict.fromkeys(mark.number for mark in self.marks if mark.counts))


@dataclass(frozen=True, slots=True)
class _Call:
    at: datetime
    claim: ClaimSeen = field(compare=False)
    again: bool = False


def repeated_damage(
    claims: Iterable[ClaimSeen], *, now: datetime, terms: Terms = Terms(), confirmed: Collection[int] = ()
) -> tuple[Damage, ...]:
    """The verdict on each product that has claims, the worst first. `confirmed`: products that the customer says fail now."""
    of_product: dict[int, list[ClaimSeen]] = {}
    for claim in claims:
        if claim.claimed_at <= now:
            of_product.setdefault(claim.product, []).append(claim)
    found = [_judge(product, mine, now, terms, product in confirmed) for product, mine in of_product.items()]
    order = {"yes": 0, "ask": 1, "no": 2}
    return tuple(sorted(found, key=lambda damage: (order[damage.answer], -len(damage.numbers), damage.product)))


def _judge(product: int, claims: Sequence[ClaimSeen], now: datetime, terms: Terms, confirmed: bool) -> Damage:
    """One product."""
    calls = sorted((call for claim in claims for call in _calls(claim, now)), key=lambda call: call.at)
    span = _span([call for call in calls if terms.count_reiterations or not call.again], now, terms)
    marks = tuple(_mark(call, span, now, terms) for call in calls)
    if len(span) < terms.least:
        counted = tuple(mark for mark in marks if mark.counts)
        return Damage(product, "no", _too_few(counted, terms), marks=tuple(_uncounted(m) for m in marks))
    unsolved = _unsolved(calls, confirmed, terms)
    why = reason("damage_repeated", calls=len(span), days=days_apart(span[0].at, span[-1].at))
    if unsolved is None:
        return Damage(product, "ask", reason("damage_all_solved", calls=len(span)), span[0].at, span[-1].at, marks)
    return Damage(product, "yes", why, span[0].at, span[-1].at, marks, unsolved)


def _calls(claim: ClaimSeen, now: datetime) -> list[_Call]:
    """Its registration and every later call about it, up to now."""
    return [_Call(claim.claimed_at, claim), *(_Call(at, claim, True) for at in claim.again_at if at <= now)]


def _span(calls: Sequence[_Call], now: datetime, terms: Terms) -> Sequence[_Call]:
    """The calls of the fullest span that ends recently; of two as full, the later."""
    best: Sequence[_Call] = ()
    for end, last in enumerate(calls):
        if days_apart(last.at, now) > terms.recent_days:
            continue
        within = [call for call in calls[: end + 1] if days_apart(call.at, last.at) <= terms.span_days]
        if len(within) >= len(best):
            best = within
    return best


def _unsolved(calls: Sequence[_Call], confirmed: bool, terms: Terms) -> Reason | None:
    """Why the last claim is held to be without solution; None when it was solved and nothing says otherwise."""
    last = calls[-1].claim
    if last.is_open:
        return reason("damage_last_open", number=last.number)
    assert last.solved_at is not None  # or it would be open
    back = next((at for at in last.again_at if at > last.solved_at), None)
    if back is not None and days_apart(last.solved_at, back) <= terms.came_back_days:
        return reason("damage_came_back", number=last.number, days=days_apart(last.solved_at, back))
    return reason("damage_confirmed") if confirmed else None


def _mark(call: _Call, span: Sequence[_Call], now: datetime, terms: Terms) -> Mark:
    """What a call is to the verdict."""
    counts = any(call is one for one in span)  # two calls may be alike
    return Mark(call.claim.number, call.at, call.again, counts, _said(call, counts, span, now, terms))


def _said(call: _Call, counts: bool, span: Sequence[_Call], now: datetime, terms: Terms) -> Reason:
    if counts:
        return reason("claim_counts_again") if call.again else reason("claim_counts")
    if call.again and not terms.count_reiterations:
        return reason("reiteration_does_not_count")
    if not span:
        return reason("claim_too_old", days=days_apart(call.at, now), most=terms.recent_days)
    return reason("claim_outside_span", days=days_apart(call.at, span[-1].at), most=terms.span_days)


def _uncounted(mark: Mark) -> Mark:
    """A call that would count, had there been more of them."""
    return Mark(mark.number, mark.at, mark.again, False, reason("claim_alone")) if mark.counts else mark


def _too_few(counted: Sequence[Mark], terms: Terms) -> Reason:
    if not counted:
        return reason("damage_none_recent", days=terms.recent_days)
    return reason("damage_too_few", calls=len(counted), least=terms.least, days=terms.span_days)


def days_apart(earlier: datetime, later: datetime) -> int:
    """Days of the calendar from one instant to the other; on one day, none."""
    return (later.astimezone(BOLIVIA).date() - earlier.astimezone(BOLIVIA).date()).days


# --- registering -------------------------------------------------------------------------------------------------------


def check_claimed_at(claimed_at: datetime, now: datetime) -> None:
    """A claim is registered when it is made or later, never before."""
    if claimed_at > now:
        raise RuleError("claim_in_future", on="claimed_at")


def check_history(claimed_at: datetime, solved_at: datetime | None, again: Sequence[datetime], now: datetime) -> None:
    """What a file says of a claim is in order and not in the future."""
    check_claimed_at(claimed_at, now)
    if solved_at is not None and not claimed_at <= solved_at <= now:
        raise RuleError("claim_solved_when", on="solved_at")
    if any(later < earlier for earlier, later in pairwise([claimed_at, *sorted(again)])) or any(
        at > now for at in again
    ):
        raise RuleError("claim_again_when", on="reiterated_at")
