"""The demonstration's records: deterministic, believable, quick, and made once."""

from datetime import datetime

import pytest

from thaki.records.customers.models import Customer, Phone, Subscription
from thaki.records.demo import build
from thaki.records.network.models import AccessPoint, Line
from thaki.records.offers.models import Plan

pytestmark = pytest.mark.django_db
SMALL = {"customers": 60, "lines": 90, "points": 12}


def test_it_makes_everything_once(now: datetime) -> None:
    made = build(now=now, **SMALL)
    assert made is not None
    assert (made.customers, made.lines, Plan.objects.count()) == (60, 90, 28)
    assert build(now=now, **SMALL) is None


def test_the_same_seed_makes_the_same_people(now: datetime) -> None:
    def names() -> list[tuple[str, str, str, str]]:
        build(now=now, seed=5, **SMALL)
        made = list(Customer.objects.order_by("pk").values_list("given_names", "surnames", "ci_number", "address"))
        for model in (Subscription, Phone, Line, AccessPoint):
            model.objects.all().delete()
        Customer.objects.all().delete()
        return made

    assert names() == names()


def test_every_line_hangs_on_a_port_and_serves_somebody(now: datetime) -> None:
    build(now=now, **SMALL)
    for point in AccessPoint.objects.all():
        assert point.lines.count() == point.ports_used
    assert not Line.objects.filter(subscriptions=None).exists()


def test_nobody_in_it_can_be_written_to(now: datetime) -> None:
    build(now=now, **SMALL)
    assert not Customer.objects.exclude(email="").exclude(email__endswith="@correo.example").exists()
