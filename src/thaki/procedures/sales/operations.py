"""Changes of a sale that more than one step makes, inside `deliver`, with case and sale locked; the caller saves."""

from datetime import datetime

from thaki.procedures.sales.models import Sale, Unserved, UnservedRequest
from thaki.procedures.sales.reasons import UnservedReason
from thaki.procedures.sales.rules import technology_asked

MILESTONES = ("visited", "informed", "presale", "sold")  # Visitado, Informado, Pre Venta, Venta: GVD step 24, R-A6


def stamp(sale: Sale, milestone: str, now: datetime) -> None:
    """Stamp a milestone, and those before it that were passed unseen; the first stamp stands (R-A6).

    Raises ValueError for a name that is not a milestone.
    """
    for name in MILESTONES[: MILESTONES.index(milestone) + 1]:
        if getattr(sale, f"{name}_at") is None:
            setattr(sale, f"{name}_at", now)


def to_unserved(sale: Sale, reason: UnservedReason, left_at_step: int, now: datetime) -> UnservedRequest:
    """Note that the sale arrives at step 19, why, and at which signed step it would be taken up again (R-A3)."""
    sale.unserved = Unserved.UNKNOWN
    sale.unserved_reason = reason
    sale.left_at_step = left_at_step
    lat, lon = (sale.lat, sale.lon) if sale.lat is not None else (sale.prospect.lat, sale.prospect.lon)
    return UnservedRequest.objects.create(
        sale=sale,
        reason=reason,
        left_at_step=left_at_step,
        arrived_at=now,
        zone=sale.zone or sale.prospect.zone,
        technology=technology_asked(sale.capacity_technology, sale.plan.technology if sale.plan else "", sale.coverage),
        lat=lat,
        lon=lon,
    )
