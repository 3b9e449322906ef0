"""GVD step 3: register the new customer, recognise the existing one (R-A10)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from tests.integration.sales.conftest import ANSWERS, HOME, NOW, Walk

from thaki.cases.runtime import AnswerInvalid
from thaki.procedures.sales import recognition
from thaki.procedures.sales.steps.customer import BasicDataForm
from thaki.records.customers import operations, queries
from thaki.records.customers.models import Customer
from thaki.records.customers.rules import Ci


@pytest.fixture
def maria(db: None) -> Customer:
    """The prospect's namesake, registered long ago."""
    return operations.register(
        given_names="María Elena",
        surnames="Rojas Vargas",
        ci=Ci("4567890", "", "CB"),
        phones=["71234567"],
        email="maria@antes.example",
        address="Calle Sucre 12",
        by=None,
        now=NOW,
    )


def refusal(walk: Walk, **answer: str) -> dict[str, list[str]]:
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(3, ANSWERS[3] | answer)
    return {name: [str(text) for text in texts] for name, texts in refused.value.form.errors.items()}


def test_a_new_customer_is_registered_with_what_the_prospect_told(walk: Walk) -> None:
    walk.to(3).done(3)
    customer = walk.sale.customer
    assert customer is not None
    assert (customer.full_name, customer.ci, customer.email) == (
        "María Elena Rojas Vargas",
        "4567890 CB",
        "maria@example.bo",
    )
    assert queries.main_phone(customer) == "71234567"
    assert customer.phones.get().is_whatsapp
    assert (walk.sale.installation_address, walk.sale.lat) == ("Av. América E-0451", HOME[0])


def test_the_case_is_found_by_the_customers_name(walk: Walk) -> None:
    walk.to(3).done(3, given_names="María", surnames="Peñaranda Rojas")
    walk.case.refresh_from_db()
    assert walk.case.subject == "María Peñaranda Rojas"


def test_the_same_card_is_never_registered_twice(walk: Walk, maria: Customer) -> None:
    found = refusal(walk.to(3))
    assert maria.code in found["ci_number"][0]
    assert Customer.objects.count() == 1


def test_who_looks_alike_has_to_be_confirmed_or_denied(walk: Walk, maria: Customer) -> None:
    walk.to(3)
    assert maria.code in refusal(walk, ci_number="9999999")["not_registered"][0]
    walk.done(3, ANSWERS[3] | {"ci_number": "9999999", "not_registered": "on"})
    assert Customer.objects.count() == 2


def test_an_existing_customer_is_confirmed_and_asks_for_a_second_service(walk: Walk, maria: Customer) -> None:
    walk.to(3).done(
        3, {"customer": str(maria.pk), "request_kind": "second", "phone": "76000000", "ci_number": "4567890"}
    )
    sale = walk.sale
    assert sale.customer == maria
    assert sale.request_kind == "second"
    assert Customer.objects.count() == 1
    assert {phone.number for phone in maria.phones.all()} == {"71234567", "76000000"}
    maria.refresh_from_db()
    assert maria.address == "Calle Sucre 12"
    assert sale.installation_address == "Av. América E-0451"


def test_an_existing_customer_is_not_new(walk: Walk, maria: Customer) -> None:
    assert "request_kind" in refusal(walk.to(3), customer=str(maria.pk), request_kind="new")


def test_the_card_of_another_is_refused(walk: Walk, maria: Customer) -> None:
    found = refusal(walk.to(3), customer=str(maria.pk), request_kind="second", ci_number="7777777")
    assert maria.ci in found["ci_number"][0]


def test_an_upgrade_needs_the_customer_who_has_the_service(walk: Walk) -> None:
    assert "request_kind" in refusal(walk.to(3), request_kind="upgrade")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ci_number", "45A"),
        ("ci_complement", "AA"),
        ("ci_department", "XX"),
        ("phone", "4280001"),
        ("email", "maria@"),
        ("lat", "40.5"),
        ("given_names", "M4ría"),
        ("customer", "999999"),
    ],
)
def test_what_cannot_be_is_refused_in_its_place(walk: Walk, field: str, value: str) -> None:
    assert field in refusal(walk.to(3), **{field: value})


def test_a_place_without_a_pin_is_asked_for_it(walk: Walk) -> None:
    assert "Marque en el mapa" in refusal(walk.to(3), lat="", lon="")["lat"][0]


def test_he_is_recognised_while_being_typed(walk: Walk, maria: Customer) -> None:
    found = recognition.matches({"given_names": "Maria Elena", "surnames": "Rojas V"})
    assert [match.customer for match in found] == [maria]


def test_confirming_him_fills_in_what_the_register_knows_and_keeps_what_was_typed(maria: Customer) -> None:
    typed = {"phone": "71234567", "email": "", "given_names": "Mari"}
    shown = recognition.described(recognition.matches(typed), typed)[0]
    assert '"email": "maria@antes.example"' in shown.fill
    assert '"given_names": "Mar\\u00eda Elena"' in shown.fill
    assert '"phone"' not in shown.fill


def test_debts_are_warned_of_before_he_is_confirmed(maria: Customer) -> None:
    operations.add_debt(
        maria, concept="Factura 10/2026", amount_bob=Decimal(189), due_on=date(2026, 10, 31), by=None, now=NOW
    )
    shown = recognition.described(recognition.matches({"ci_number": "4567890"}), {})[0]
    assert "189,00" in str(shown.warnings[0])


def test_the_form_opens_with_everything_that_is_known(walk: Walk, walk_of: Callable[..., Walk]) -> None:
    from thaki.cases.registry import Work

    form = BasicDataForm(work=Work(walk.case, walk.sale, walk.now, None))
    assert form.initial["given_names"] == "María Elena"
    assert form.initial["surnames"] == "Rojas Vargas"
    assert form.initial["address"] == "Av. América E-0451"


def test_an_existing_customer_brings_his_name_and_card_along(walk: Walk, maria: Customer) -> None:
    walk.to(3).done(3, {"customer": "ci:4567890", "request_kind": "upgrade"})
    assert walk.sale.customer == maria
