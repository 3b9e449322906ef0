"""Steps 14 to 17: invoices are issued, printed, archived, delivered, voided."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.billing import operations, queries
from thaki.records.billing.models import Invoice
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db


def issue(now: datetime, number: str = "FAC-2026-000001", **other: Any) -> Invoice:
    """An invoice of an agency."""
    given = {
        "cuf": f"CUF{number}",
        "case_ref": "GVD-2026-000001",
        "name": "Juan Quispe",
        "nit": "4567890",
        "concept": "Instalación y primer mes",
        "amount_bob": Decimal(339),
        "agency": "Central",
        "by": None,
        "now": now,
    }
    return operations.issue_invoice(number=number, **{**given, **other})


def test_the_same_number_twice_is_once(now: datetime) -> None:
    assert issue(now).pk == issue(now, name="Otro").pk


def test_it_waits_in_the_queue_of_its_agency(ana: User, now: datetime) -> None:
    invoice = issue(now)
    issue(now, "FAC-2026-000002", agency="Quillacollo")
    issue(now, "FAC-2026-000003", agency="")  # the web route prints nothing
    assert list(queries.print_queue("Central")) == [invoice]
    assert queries.print_queue().count() == 2


def test_a_batch_is_printed_and_a_reprint_is_a_copy(ana: User, now: datetime) -> None:
    ids = [issue(now).pk, issue(now, "FAC-2026-000002").pk]
    assert [p.is_copy for p in operations.print_invoices(ids, by=ana, now=now)] == [False, False]
    operations.print_invoices(ids[:1], by=ana, now=now)
    (again,) = operations.print_invoices(ids[:1], by=ana, now=now)
    assert (again.is_copy, again.copy_number, again.invoice.printed_at) == (True, 2, now)


def test_what_was_not_printed_is_not_archived(ana: User, now: datetime) -> None:
    invoice = issue(now)
    with pytest.raises(RuleError, match="aún no fue impresa"):
        operations.archive_invoices([invoice.pk], by=ana, now=now)


def test_it_leaves_the_queue_when_archived_and_delivered(ana: User, now: datetime) -> None:
    invoice = issue(now)
    operations.print_invoices([invoice.pk], by=ana, now=now)
    assert list(queries.delivery_queue("Central")) == [invoice]
    operations.archive_invoices([invoice.pk], by=ana, now=now)
    operations.deliver_in_hand(invoice.pk, to="Juan Quispe", by=ana, now=now)
    assert not queries.delivery_queue("Central").exists()


def test_a_delivery_says_to_whom_and_happens_once(ana: User, now: datetime) -> None:
    invoice = issue(now)
    with pytest.raises(RuleError):
        operations.deliver_in_hand(invoice.pk, to=" ", by=ana, now=now)
    with pytest.raises(RuleError):
        operations.deliver_sent(invoice.pk, to="Av. América 12", acknowledgement="", by=ana, now=now)
    operations.deliver_sent(invoice.pk, to="Av. América 12", acknowledgement="Guía 88", by=ana, now=now)
    with pytest.raises(RuleError, match="ya fue entregada a Av"):
        operations.deliver_in_hand(invoice.pk, to="Otro", by=ana, now=now)


def test_a_voided_one_has_its_credit_note_and_is_not_printed(ana: User, now: datetime) -> None:
    invoice = issue(now)
    operations.void_invoice(invoice.pk, credit_note="NC-1", reason="Venta anulada", by=ana, now=now)
    again = operations.void_invoice(invoice.pk, credit_note="NC-2", reason="Otra vez", by=ana, now=now)
    assert again.credit_note == "NC-1"
    assert queries.standing_invoice("GVD-2026-000001") is None
    with pytest.raises(RuleError, match="anulada"):
        operations.print_invoices([invoice.pk], by=ana, now=now)


def test_mail_is_stamped_once(now: datetime) -> None:
    invoice = issue(now)
    operations.mark_emailed(invoice.pk, by=None, now=now)
    operations.mark_emailed(invoice.pk, by=None, now=now + timedelta(days=1))
    invoice.refresh_from_db()
    assert invoice.emailed_at == now


def test_the_volume_of_a_month_is_what_was_issued_less_voided(ana: User, now: datetime) -> None:
    issue(now)
    issue(now, "FAC-2026-000002", amount_bob=Decimal("100.50"))
    voided = issue(now, "FAC-2026-000003")
    operations.void_invoice(voided.pk, credit_note="NC-1", reason="Anulada", by=ana, now=now + timedelta(days=40))
    issue(now, "FAC-2026-000004", case_ref="RET-2026-000001")
    issue(now + timedelta(days=15), "FAC-2026-000005")
    volume = queries.billing_volume(now.date(), case_prefix="GVD-")
    assert (volume.issued_bob, volume.invoices) == (Decimal("439.50"), 2)


@pytest.mark.parametrize(
    "values",
    [
        {"voided_at": datetime(2026, 11, 20).astimezone()},
        {"credit_note": "NC-1"},
        {"printed_at": datetime(2026, 11, 20).astimezone()},
        {"copies": 1},
        {"delivered_at": datetime(2026, 11, 20).astimezone()},
        {"amount_bob": 0},
        {"nit": "12A"},
    ],
)
def test_the_database_refuses_half_stamps(now: datetime, values: dict[str, Any]) -> None:
    invoice = issue(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**values)
