"""The demonstration's records for keeping customers: second services, bills, claims and bajas, made once, in bulk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from thaki.records.billing.operations.service import issue_service_bills
from thaki.records.claims.demo import build_claims
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.withdrawals.demo import build_withdrawals

SEED = 20260202
BILLED_MONTHS = 4
BILL_DAY = 5
SECOND_NUMBER = 45_000_000  # second services: television and telephones
SECONDS = (("TVHD", 0.10), ("TVB", 0.06), ("FIJACOM", 0.04), ("TEL", 0.05))
_PAY = """
UPDATE billing_servicebill SET paid_at = due_on - (id %% 9)::int + time '16:00'
WHERE paid_at IS NULL AND due_on < %s AND id %% 25 <> 0
"""


@transaction.atomic
def build(*, now: datetime, claims: int) -> bool:
    """Make them, unless there are claims already or no customers yet."""
    if Claim.objects.exists() or not Customer.objects.exists():
        return False
    rng = Random(SEED)
    today = timezone.localdate(now)
    plans = {plan.code: plan for plan in Plan.objects.all()}
    customers = list(Customer.objects.only("pk").order_by("pk"))
    _second_services(rng, customers, plans, today)
    _bills(today)
    services = list(Subscription.objects.filter(status="active").select_related("plan").order_by("pk"))
    build_claims(rng, claims, services=services, now=now)
    build_withdrawals(rng, customers=customers, plans=plans, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_subscription, claims_claim, billing_servicebill, withdrawals_withdrawal")
    return True


def _second_services(rng: Random, customers: list[Customer], plans: dict[str, Plan], today: date) -> None:
    """Television and telephones beside the Internet: claims of two products are told apart."""
    made = [
        Subscription(
            customer=customer,
            plan=plans[code],
            technology=plans[code].technology,
            number=str(SECOND_NUMBER + position * 10 + place),
            since_on=today - timedelta(days=rng.randint(60, 1_200)),
        )
        for position, customer in enumerate(customers)
        for place, (code, share) in enumerate(SECONDS)
        if code in plans and rng.random() < share
    ]
    Subscription.objects.bulk_create(made, batch_size=1_000)


def _bills(today: date) -> None:
    """The last months' bills of every service, nearly all of those that fell due paid."""
    number = today.year * 12 + today.month - 1
    for back in range(BILLED_MONTHS - 1, -1, -1):
        month = date((number - back) // 12, (number - back) % 12 + 1, 1)
        issued = month.replace(day=BILL_DAY)
        if issued <= today:
            issue_service_bills(month, today=issued)
    with connection.cursor() as cursor:
        cursor.execute(_PAY, [today])
