"""What is asked about claims. Each is answered by an index, whatever the number of all claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from thaki.people.prepared import Prepared
from thaki.records.claims.models import Claim, Reiteration
from thaki.records.claims.rules import ClaimSeen

MOST = 200  # claims of one customer: who has more is served as if he had these
EVER = datetime(2000, 1, 1, tzinfo=UTC)
OF_CUSTOMER = Prepared(Claim, f"m.customer_id = %s AND m.claimed_at >= %s ORDER BY m.claimed_at DESC LIMIT {MOST}")
_OF_SERVICE = Prepared(Claim, f"m.subscription_id = %s AND m.claimed_at <= %s ORDER BY m.claimed_at DESC LIMIT {MOST}")
_AGAIN = Prepared(Reiteration, "m.claim_id = ANY(%s) ORDER BY m.at")
AGAIN_OF_CUSTOMER = Prepared(  # of the claims of OF_CUSTOMER, asked without knowing them
    Reiteration,
    "m.claim_id IN (SELECT c.id FROM claims_claim c WHERE c.customer_id = %s AND c.claimed_at >= %s "
    "ORDER BY c.claimed_at DESC LIMIT 200) ORDER BY m.at",  # MOST
)


@dataclass(frozen=True, slots=True)
class WithCalls:
    """A claim with the calls made about it later, oldest first."""

    claim: Claim
    again: tuple[Reiteration, ...] = ()

    def seen(self) -> ClaimSeen:
        """As the rule sees it."""
        claim = self.claim
        return ClaimSeen(
            claim.number,
            claim.subscription_id,
            claim.claimed_at,
            claim.solved_at,
            claim.reopened_at,
            tuple(one.at for one in self.again),
        )

    def last_sign(self) -> datetime:
        """When the customer last said that it fails."""
        return max([self.claim.claimed_at, *(one.at for one in self.again)])


def of_customer(customer_id: int, *, since: datetime = EVER) -> list[WithCalls]:
    """The customer's claims registered since then, the newest first. Two queries.

    For the rule of repeated damage leave `since` out: a claim of long ago may have been reiterated yesterday.
    """
    return _with_calls(OF_CUSTOMER.all(customer_id, since))


def of_service(subscription_id: int, *, until: datetime) -> list[WithCalls]:
    """The claims on a service up to an instant, the newest first. Two queries."""
    return _with_calls(_OF_SERVICE.all(subscription_id, until))


def _with_calls(claims: Sequence[Claim]) -> list[WithCalls]:
    return with_calls(claims, _AGAIN.all([claim.pk for claim in claims]) if claims else ())


def with_calls(claims: Sequence[Claim], calls: Iterable[Reiteration]) -> list[WithCalls]:
    """Each claim with those of the calls that are about it."""
    again: dict[int, list[Reiteration]] = {}
    for one in calls:
        again.setdefault(one.claim_id, []).append(one)
    return [WithCalls(claim, tuple(again.get(claim.pk, ()))) for claim in claims]


def since(subscription_id: int, instant: datetime, *, until: datetime) -> list[WithCalls]:
    """The claims by which the service is said to fail after an instant: registered, reiterated or reopened since."""
    return [one for one in of_service(subscription_id, until=until) if one.last_sign() > instant]


def open_of(subscription_ids: Iterable[int]) -> list[Claim]:
    """The claims on these services that are not solved, the newest first."""
    found = Claim.objects.filter(subscription_id__in=list(subscription_ids)).order_by("-claimed_at")[:MOST]
    return [claim for claim in found if claim.is_open]
