"""The finite facts that the gateways of `procedure.bpmn` read; pure. Names and values are declared in the file itself."""

from collections.abc import Mapping
from typing import Protocol


class RetentionLike(Protocol):
    """What the facts need of a `Retention`: plain attributes, so that a test may give a namedtuple."""

    eligible: str
    request: str
    exception: str
    fault_live: bool
    repeated: str
    stage: str
    offer: str
    next_offer: str
    authorisation: str
    petition: str
    visit: str
    quality: str
    recurrence: str
    decision: str

    @property
    def orders(self) -> str:
        """Whether a further order may be made: room or exhausted."""


def facts(retention: RetentionLike) -> Mapping[str, str]:
    """The declared facts of a retention."""
    return {
        "eligible": retention.eligible,
        "request": retention.request,
        "exception": retention.exception,
        "fault": "live" if retention.fault_live else "none",
        "repeated": retention.repeated,
        "stage": retention.stage,
        "offer": retention.offer,
        "next_offer": retention.next_offer,
        "authorisation": retention.authorisation,
        "petition": retention.petition,
        "visit": retention.visit,
        "quality": retention.quality,
        "recurrence": retention.recurrence,
        "orders": retention.orders,
        "decision": retention.decision,
    }
