"""Customers, orders, invoices and payments keep their history, with who did it, beyond their own life."""

import json
from datetime import datetime

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from thaki.records.customers import operations
from thaki.records.customers.models import Customer

pytestmark = pytest.mark.django_db
TRACKED = [("customers", "Customer"), ("orders", "ProductOrder"), ("billing", "Invoice"), ("billing", "Payment")]


@pytest.mark.parametrize(("app", "model"), TRACKED)
def test_it_is_tracked(app: str, model: str) -> None:
    event = apps.get_model(app, f"{model}Event")
    assert not event._meta.get_field("pgh_obj").db_constraint


def test_who_did_it_comes_from_one_setting_a_transaction(juan: Customer, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [json.dumps({"user": 7})])
    operations.amend(juan.pk, address="Av. América 12", by=None, now=now)
    event = apps.get_model("customers", "CustomerEvent").objects.latest("pgh_id")
    assert (event.pgh_context, event.pgh_label, event.address) == ({"user": 7}, "update", "Av. América 12")


def test_it_survives_the_customer(juan: Customer) -> None:
    key = juan.pk
    juan.delete()
    events = apps.get_model("customers", "CustomerEvent").objects.filter(pgh_obj_id=key).order_by("pgh_id")
    assert [e.pgh_label for e in events] == ["insert", "delete"]


def test_it_cannot_be_rewritten(juan: Customer) -> None:
    events = apps.get_model("customers", "CustomerEvent").objects.all()
    for rewrite in (lambda: events.update(surnames="Otro"), events.delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rewrite()
