"""The demonstration's recurring control: every month's bills, most of them paid about the day they fell due."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.billing import operations
from thaki.records.billing.closing import bounds
from thaki.records.billing.control_models import RecurringPayment
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import first_of_month, next_month

SEED = 18
PAID = 0.86  # of the bills that fell due


def build() -> int:
    """Issue and pay them, once; how many payments."""
    biller = User.objects.filter(roles__contains=[Role.DIVISION_FACTURACION.value]).order_by("pk").first()
    first = RecurringEnrolment.objects.order_by("from_month").values_list("from_month", flat=True).first()
    if biller is None or first is None or RecurringPayment.objects.exists():
        return 0
    today, month = timezone.localdate(), first
    while month <= first_of_month(today):
        operations.issue_month(month, by=biller, now=timezone.now())
        month = next_month(month)
    return _pay(today, biller)


def _pay(today: date, biller: User) -> int:
    rng = Random(SEED)
    due = RecurringBill.objects.filter(due_on__lt=today, paid_at=None).order_by("due_on", "pk")
    paid = [bill for bill in due if rng.random() < PAID]
    for number, bill in enumerate(paid, start=1):
        on = min(max(bill.due_on - timedelta(days=rng.randint(-2, 5)), bill.month), today - timedelta(days=1))
        operations.take_payment(
            bill.enrolment_id,
            amount_bob=bill.amount_bob,
            paid_on=on,
            reference=f"CAJ-{100_000 + number}",
            month=bill.month,
            by=biller,
            now=bounds(on)[0] + timedelta(hours=17),
        )
    return len(paid)
