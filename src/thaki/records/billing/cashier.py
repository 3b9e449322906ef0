"""What is asked about an agency's invoices on paper: what was not handed over, and what happened on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from thaki.records.billing.closing import bounds
from thaki.records.billing.control_models import InvoicePrint
from thaki.records.billing.models import Invoice


def undelivered(agency: str = "") -> QuerySet[Invoice]:
    """Printed and not in the customer's hands, the oldest first; of all agencies without one."""
    printed = Invoice.objects.filter(printed_at__isnull=False, delivered_at=None, voided_at=None).exclude(agency="")
    found = printed.filter(agency=agency) if agency else printed
    return (
        found.select_related("customer", "printed_by").prefetch_related("customer__phones").order_by("printed_at", "id")
    )


@dataclass(frozen=True, slots=True)
class AgencyDay:
    """What an agency did on a day: its originals, its copies, its deliveries."""

    day: date
    agency: str
    originals: list[InvoicePrint]
    copies: list[InvoicePrint]
    delivered: list[Invoice]

    @property
    def printed_bob(self) -> Decimal:
        """What the originals amount to."""
        return sum((each.invoice.amount_bob for each in self.originals), Decimal(0))

    @property
    def delivered_bob(self) -> Decimal:
        """What the handed over amount to."""
        return sum((each.amount_bob for each in self.delivered), Decimal(0))


def agency_day(day: date, agency: str = "") -> AgencyDay:
    """A day from midnight to midnight in La Paz; two queries."""
    start, end = bounds(day)
    prints = InvoicePrint.objects.filter(printed_at__gte=start, printed_at__lt=end)
    given = Invoice.objects.filter(delivered_at__gte=start, delivered_at__lt=end)
    if agency:
        prints, given = prints.filter(invoice__agency=agency), given.filter(agency=agency)
    sheets = list(prints.select_related("invoice", "printed_by").order_by("printed_at", "id"))
    return AgencyDay(
        day,
        agency,
        [each for each in sheets if each.copy_number == 0],
        [each for each in sheets if each.copy_number],
        list(given.select_related("delivered_by").order_by("delivered_at", "id")),
    )


def print_counts(agency: str = "") -> dict[str, int]:
    """How many wait for the printer and how many for their owner; for the tabs."""
    own = Q(agency=agency) if agency else ~Q(agency="")
    standing = Invoice.objects.filter(own, voided_at=None)
    return {
        "to_print": standing.filter(printed_at=None).count(),
        "undelivered": standing.filter(printed_at__isnull=False, delivered_at=None).count(),
    }
