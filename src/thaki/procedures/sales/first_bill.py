"""A first bill left unpaid warns sales by mail, once (R-A13): its executive knows the customer, and why he may not have paid."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import runtime
from thaki.cases.language import of_the_house
from thaki.cases.models import Case
from thaki.channels.email import outbox
from thaki.channels.email.models import OutboundMail
from thaki.people import policies
from thaki.procedures.sales.models import Sale
from thaki.records.billing import queries
from thaki.records.billing.models import RecurringBill


def warn_of_unpaid(*, now: datetime) -> int:
    """Write the mails of which none was written yet; how many."""
    bills = {_key(bill): bill for bill in queries.first_bills_unpaid(timezone.localdate(now)).order_by("due_on", "pk")}
    written = set(OutboundMail.objects.filter(key__in=bills).values_list("key", flat=True))
    cases = dict(
        Case.objects.filter(number__in=[bill.enrolment.case_ref for bill in bills.values()]).values_list("number", "pk")
    )
    to_warn = [(key, bill) for key, bill in bills.items() if key not in written and bill.enrolment.case_ref in cases]
    for key, bill in to_warn:
        _warn(cases[bill.enrolment.case_ref], key, bill, now)
    return len(to_warn)


def _key(bill: RecurringBill) -> str:
    return f"{bill.enrolment.case_ref}:first_bill_unpaid:{bill.enrolment_id}"


def _warn(case_id: int, key: str, bill: RecurringBill, now: datetime) -> None:
    with runtime.beside(case_id, by=None, now=now) as work, of_the_house():
        sale: Sale = work.record
        channels = str(policies.get("sales.digital_channels_email"))
        seller = sale.executive.email if sale.executive is not None and sale.executive.is_active else ""
        outbox.queue(
            work,
            key=key,
            to=seller or channels,
            cc=[channels] if seller and seller != channels else [],
            subject=_("Primera factura sin pagar"),
            template="sales.mail.first_bill_unpaid",
            context={"sale": sale, "bill": bill, "customer": bill.enrolment.customer},
        )
        work.note(first_bill_unpaid=f"{bill.month:%Y-%m}")
