"""The demonstration's retentions really walk: each comes as far as it should, with its clocks, orders, papers and bajas."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from thaki.cases import versions
from thaki.cases.models import Case, Incident, Task, Timer
from thaki.integrations.credit_bureau import demo as risks
from thaki.people.demo import ensure_people
from thaki.procedures.retention.demo import after
from thaki.procedures.retention.demo.drive import Driver, by_day
from thaki.procedures.retention.demo.plan import ENDED, OPEN_AT, CasePlan, plans
from thaki.procedures.retention.models import Retention
from thaki.records import care_demo, demo
from thaki.records.claims.models import Claim
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Customer
from thaki.records.withdrawals.models import Withdrawal

DAY = timedelta(days=1)
WALKED = (
    CasePlan("damage", "", "kept", 40 * DAY),
    CasePlan("damage", "Step_9", "", 6 * DAY, offer="compensation"),
    CasePlan("damage", "Wait_Resume", "", 1.5 * DAY),
    CasePlan("damage", "", "leaves_7", 10 * DAY),
    CasePlan("courtesy", "", "agreed", 5 * DAY),
    CasePlan("damage", "Step_3", "", 0.5 * DAY),
)


@pytest.mark.django_db
def test_cases_come_as_far_as_they_should(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    versions.forget()
    versions.seed()
    ensure_people()
    now = timezone.now()
    demo.build(now=now, customers=60, lines=300, points=20)
    assert care_demo.build(now=now, claims=80)
    assert not care_demo.build(now=now, claims=80)
    risks.build(now=now, count=4)
    after.prepare(now=now)
    barred = Customer.objects.filter(subscriptions__status="withdrawn_for_arrears").values("pk")
    able = Customer.objects.exclude(pk__in=barred).exclude(pk__in=after.listed()).filter(category="residential")
    keys = list(able.order_by("pk").values_list("pk", flat=True))
    driver = Driver(until=now, seed=3)
    driver.run([_for(plan, keys.pop()) for plan in WALKED])
    after.finish(now=now)

    outcomes = sorted(Case.objects.filter(procedure="retention").exclude(outcome="").values_list("outcome", flat=True))
    assert outcomes == ["agreed", "kept", "withdrawn"]
    waiting = set(Task.objects.filter(case__procedure="retention", state="open").values_list("node", flat=True))
    assert waiting == {"Step_9", "Step_3"}
    assert Timer.objects.filter(node="Timer_Resume").exists()
    kept = Retention.objects.get(kept_at__isnull=False)
    assert kept.kept_at is not None and kept.kept_at >= kept.received_at + 30 * DAY
    assert kept.work_order is not None and kept.work_order.signatures.filter(pdf__isnull=False).exists()
    assert Withdrawal.objects.filter(case_ref__startswith="RET-").exists()
    assert Courtesy.objects.filter(case_ref__startswith="RET-").count() == 1
    assert Claim.objects.count() > 80
    assert not Incident.objects.exists()
    versions.forget()


def _for(plan: CasePlan, customer: int) -> CasePlan:
    return replace(plan, customer=customer)


def test_there_are_150_over_every_step() -> None:
    made = list(plans(Random(1)))
    assert len(made) == sum(count for count, *_days in OPEN_AT.values()) + sum(row[2] for row in ENDED) == 150
    assert {f"Step_{n}" for n in range(1, 15)} <= OPEN_AT.keys()
    assert made == sorted(made, key=lambda plan: -plan.age)


def test_nobody_is_received_at_night() -> None:
    night = timezone.localtime().replace(hour=2, minute=30)
    assert by_day(night).hour == 8
    assert by_day(night, back=True).hour == 19
    assert by_day(night, back=True) < night < by_day(night)
