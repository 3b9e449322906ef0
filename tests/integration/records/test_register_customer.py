"""Step 3: "catastrar" a customer, once."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.customers import operations, queries
from thaki.records.customers.models import Customer, Phone
from thaki.records.customers.rules import Ci
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db


def test_it_registers_with_a_code_and_a_main_telephone(juan: Customer) -> None:
    assert juan.code.startswith("S-2026-")
    assert juan.ci == "4567890 CB"
    assert queries.main_phone(juan) == "71234567"


def test_a_card_is_registered_once_and_the_owner_is_named(juan: Customer, now: datetime) -> None:
    with pytest.raises(RuleError, match="Juan Quispe Mamani"):
        operations.register(given_names="Otro", surnames="Nombre", ci=Ci("4567890"), by=None, now=now)


def test_the_same_number_with_another_complement_is_another_card(juan: Customer, now: datetime) -> None:
    other = operations.register(given_names="Otro", surnames="Nombre", ci=Ci("4567890", "1A"), by=None, now=now)
    assert other.pk != juan.pk


def test_a_rehearsal_touches_no_sequence(db: None, now: datetime) -> None:
    made = operations.register(given_names="Ana", surnames="Rojas", case_ref="REH-2026-000001", by=None, now=now)
    assert made.code.startswith("REH-S-2026-")


def test_a_company_has_its_own_name(db: None, now: datetime) -> None:
    company = operations.register(business_name="Ferretería Ñahui S.R.L.", nit="1023275028", by=None, now=now)
    assert (company.full_name, company.tax_id) == ("Ferretería Ñahui S.R.L.", "1023275028")


def test_a_person_without_surnames_is_refused_on_the_field(db: None, now: datetime) -> None:
    with pytest.raises(RuleError) as refused:
        operations.register(given_names="Ana", by=None, now=now)
    assert refused.value.field == "surnames"


def test_a_first_telephone_becomes_the_main_one_and_the_old_one_stays(juan: Customer, ana: User, now: datetime) -> None:
    operations.amend(juan.pk, phones=["4 4251234"], by=ana, now=now)
    assert [(p.number, p.is_main) for p in juan.phones.order_by("number")] == [("44251234", True), ("71234567", False)]


def test_a_new_address_takes_back_that_mail_bounced(juan: Customer, now: datetime) -> None:
    operations.email_bounced(juan.pk, by=None, now=now)
    assert operations.amend(juan.pk, email="juan@correo.example", by=None, now=now).email_bounced
    assert not operations.amend(juan.pk, email="otro@correo.example", by=None, now=now).email_bounced


def test_a_name_that_changes_changes_its_keys(juan: Customer, now: datetime) -> None:
    operations.amend(juan.pk, surnames="Núñez Arce", by=None, now=now)
    assert [c.pk for c in queries.search("nunez")] == [juan.pk]


@pytest.mark.parametrize(
    "values",
    [
        {"given_names": "", "surnames": ""},
        {"ci_number": "12A45"},
        {"ci_number": "", "ci_complement": "1A"},
        {"ci_department": "XX"},
        {"lat": -17.0},
        {"nit": "12-3"},
    ],
)
def test_the_database_refuses_what_no_operation_writes(juan: Customer, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=juan.pk).update(**values)


@pytest.mark.parametrize(("number", "kind"), [("4251234", "fixed"), ("71234567", "fixed"), ("44251234", "mobile")])
def test_the_database_knows_the_numbering_plan(juan: Customer, number: str, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Phone.objects.create(customer=juan, number=number, kind=kind)
