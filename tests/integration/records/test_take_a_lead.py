"""Step 1: a prospect is received, tried, and stamped."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.prospects import operations, queries
from thaki.records.prospects.models import Prospect
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(now: datetime) -> Prospect:
    """A lead from the web page."""
    prospect, _new = operations.receive(channel="web", name="ana ríos", phone="71234567", by=None, now=now)
    return prospect


def test_a_lead_is_tidied_and_kept(lead: Prospect) -> None:
    assert (lead.name, lead.phone) == ("Ana Ríos", "71234567")


def test_the_same_lead_of_a_channel_twice_is_once(now: datetime) -> None:
    first, is_new = operations.receive(
        channel="facebook", external_ref="L1", name="Ana", email="a@b.bo", by=None, now=now
    )
    again, is_new_again = operations.receive(
        channel="facebook", external_ref="L1", name="Otra", phone="71234567", by=None, now=now
    )
    assert (again.pk, is_new, is_new_again) == (first.pk, True, False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Ana"}, "phone"),
        ({"name": "Ana", "phone": "4251234"}, "phone"),
        ({"name": "Ana", "email": "ana@"}, "email"),
        ({"name": " ", "phone": "71234567"}, "name"),
        ({"name": "Ana", "phone": "71234567", "lat": 40.0, "lon": -3.0}, "pin"),
    ],
)
def test_what_cannot_be_used_is_refused_on_its_field(now: datetime, values: dict[str, object], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        operations.receive(channel="web", by=None, now=now, **values)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_five_unanswered_calls_lose_it(lead: Prospect, ana: User, now: datetime) -> None:
    for n in range(5):
        assert queries.loss(lead.pk) == ""
        at = now + timedelta(hours=n)
        operations.record_attempt(lead.pk, channel="call", result="no_answer", by=ana, now=at)
    assert queries.loss(lead.pk) == "no_answer"
    assert queries.loss(lead.pk, since=now + timedelta(hours=2)) == ""


def test_an_hour_to_call_back_is_kept(lead: Prospect, ana: User, now: datetime) -> None:
    at = now + timedelta(hours=3)
    operations.record_attempt(lead.pk, channel="call", result="call_back", call_back_at=at, by=ana, now=now)
    assert queries.next_call(lead.pk) == at


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "", "email": ""},
        {"phone": "123"},
        {"lat": 1.0},
    ],
)
def test_the_database_refuses_what_no_operation_writes(lead: Prospect, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Prospect.objects.filter(pk=lead.pk).update(**values)


def test_people_who_ask_twice_are_seen(lead: Prospect, now: datetime) -> None:
    other, _new = operations.receive(channel="whatsapp", name="Ana", phone="71234567", by=None, now=now)
    assert list(queries.same_person(lead)) == [other]
