"""What is handed to a neighbouring procedure is there once, and acknowledged once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from thaki.people.models import User
from thaki.records.customers.models import Customer
from thaki.records.hand_overs import operations, queries
from thaki.records.hand_overs.models import HandOver
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db


def _send(customer: Customer, now: datetime, **told: Any) -> HandOver:
    values = {"key": "RET-1:baja", "to": "solicitudes", "subject": "Baja de 44250001", **told}
    return operations.send(case_ref="RET-1", customer=customer, by=None, now=now, **values)


def test_sent_twice_it_is_there_once(juan: Customer, now: datetime) -> None:
    assert _send(juan, now) == _send(juan, now)
    assert queries.waiting_count("solicitudes") == 1
    assert queries.waiting_count("incidentes") == 0


def test_it_goes_to_a_unit_that_there_is_and_says_what_it_is_about(juan: Customer, now: datetime) -> None:
    with pytest.raises(RuleError, match="No hay bandeja"):
        _send(juan, now, to="nadie")
    with pytest.raises(RuleError, match="asunto"):
        _send(juan, now, subject="  ")


def test_the_first_acknowledgement_stands(juan: Customer, ana: User, now: datetime) -> None:
    sent = _send(juan, now)
    operations.acknowledge(sent.pk, note="Se programa el retiro", by=ana, now=now)
    with pytest.raises(RuleError, match="Ya acusó recibo Ana Flores"):
        operations.acknowledge(sent.pk, by=ana, now=now)
    assert list(queries.inbox("solicitudes")) == []
    assert [one.note for one in queries.inbox("solicitudes", waiting=False)] == ["Se programa el retiro"]
    assert list(queries.of_case("RET-1")) == [sent]
