"""What the tests of steps 19 to 25 have in common: a sale brought to its order."""

from __future__ import annotations

from typing import Any

from tests.integration.sales.billing import accept, choose, send_slip
from tests.integration.sales.conftest import Walk

from thaki.cases import effects
from thaki.cases.models import Effect

ENROL = {"method": "counter", "day": "10", "from_month": "2026-12"}


def work_off(walk: Walk) -> None:
    """Do what the case asked of the outside, as the worker would; mails are not sent in tests."""
    for effect in Effect.objects.filter(case=walk.case, state="pending").order_by("pk"):
        if effect.kind == "email.send":
            effects.settle(effect.pk, Effect.State.DONE, {}, now=walk.now)
        else:
            effects.run(effect.pk, now=walk.now)


def sold_postpaid(walk: Walk) -> Walk:
    """Postpaid: 18 and 21 wait in parallel."""
    return choose(walk, "postpaid")


def sold_prepaid(walk: Walk) -> Walk:
    """Prepaid by transfer: 12 accepted; its mails are out, 16 and 21 wait."""
    send_slip(walk)
    accept(walk)
    work_off(walk)
    return walk


def ordered(walk: Walk) -> Walk:
    """21 and 22 done."""
    walk.done(21, {"ready": "on"})
    walk.done(22, {})
    work_off(walk)
    return walk


def followed(walk: Walk) -> Walk:
    """23 and 24 done: 25 waits."""
    ordered(walk)
    walk.done(23, {"accepted_how": "agency"})
    walk.done(24, {"confirmed": "on"})
    return walk


def annul(walk: Walk, result: str = "annulled", **over: Any) -> None:
    """25: the order was annulled."""
    walk.done(25, {"result": result, "annul_reason": "no_facilities", "annul_note": "Ducto lleno"} | over)
    work_off(walk)
