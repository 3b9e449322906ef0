"""R-A10: an existing customer is recognised, with the evidence, and warned about."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from thaki.records.customers import operations, queries
from thaki.records.customers.models import Customer
from thaki.records.customers.rules import Ci
from thaki.records.offers.models import Plan

pytestmark = pytest.mark.django_db


def codes(match: queries.Match) -> list[str]:
    return [e.code for e in match.evidence]


def test_the_card_alone_is_certain(juan: Customer) -> None:
    (match,) = queries.recognise(ci="4.567.890 cb")
    assert (match.customer, match.certain, codes(match)) == (juan, True, ["same_ci"])


def test_the_same_number_with_another_complement_is_a_sign_not_a_certainty(juan: Customer) -> None:
    (match,) = queries.recognise(ci="4567890-1A")
    assert (match.certain, codes(match)) == (False, ["same_ci_number"])


def test_telephone_and_email_are_signs(juan: Customer) -> None:
    (match,) = queries.recognise(phone="+591 7123-4567", email="JUAN@correo.example")
    assert codes(match) == ["same_phone", "same_email"]
    assert match.score > queries.recognise(phone="71234567")[0].score


@pytest.mark.parametrize("name", ["QUISPE MAMANI JUAN", "Juan Kispe Mamani", "juan quispe", "Jhuan Quispe Mamani"])
def test_a_name_in_another_order_or_misspelt_is_found(juan: Customer, name: str) -> None:
    (match,) = queries.recognise(name=name)
    assert codes(match) == ["similar_name"]


def test_another_name_is_not_found(juan: Customer) -> None:
    assert queries.recognise(name="Juana Rojas Arce") == []


def test_what_cannot_be_read_is_no_sign(juan: Customer) -> None:
    assert queries.recognise(ci="4567", phone="4251234", email="ju", name="J") == []


def test_the_likeliest_comes_first(juan: Customer, now: datetime) -> None:
    namesake = operations.register(
        given_names="Juan", surnames="Quispe Mamani", ci=Ci("5555555"), phones=["60000000"], by=None, now=now
    )
    found = queries.recognise(name="Juan Quispe Mamani", phone="60000000")
    assert [m.customer for m in found] == [namesake, juan]
    assert found[0].score > found[1].score


def test_it_takes_three_queries_whatever_is_found(
    juan: Customer, now: datetime, django_assert_max_num_queries: object
) -> None:
    for n in range(5):
        operations.register(given_names="Juan", surnames="Quispe Mamani", ci=Ci(f"600000{n}"), by=None, now=now)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert len(queries.recognise(name="Juan Quispe Mamani", ci="4567890", phone="71234567")) == 6


def test_the_search_box_finds_by_name_card_telephone_and_code(juan: Customer) -> None:
    for typed in ("quisp", "MAMANI JUAN", "4567890", "71234", juan.code.lower()):
        assert list(queries.search(typed)) == [juan], typed
    assert list(queries.search("qu")) == []


def test_nothing_to_warn_of_is_an_empty_list(juan: Customer) -> None:
    assert queries.warnings(juan) == ()


def test_debts_requests_and_withdrawals_for_arrears_are_warned_of(juan: Customer, plan: Plan, now: datetime) -> None:
    today = now.date()
    service = operations.subscribe(juan, plan=plan, number="46000001", by=None, now=now - timedelta(days=90))
    operations.withdraw(service.pk, for_arrears=True, on=today, by=None, now=now)
    debt = operations.add_debt(juan, concept="Octubre", amount_bob=Decimal("1189.50"), due_on=today, by=None, now=now)
    request = operations.open_request(juan, kind="claim", by=None, now=now)
    said = [str(w) for w in queries.warnings(juan)]
    assert said == [
        "Tiene 1 deuda pendiente por Bs 1.189,50",
        "Tiene 1 producto retirado por mora: 46000001",
        f"Tiene 1 solicitud abierta: {request.number}",
    ]
    operations.settle_debt(debt.pk, by=None, now=now)
    operations.close_request(request.pk, by=None, now=now)
    assert [w.code for w in queries.warnings(juan)] == ["warn_withdrawn_for_arrears"]
