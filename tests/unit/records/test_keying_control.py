"""Control de calidad de digitación: what was agreed against what is keyed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from thaki.records.orders.rules import Agreement, SaleData, keying_findings, passes
from thaki.records.orders.rules import Finding as F

AGREED = SaleData(
    customer_name="Juan Quispe Mamani",
    customer_ci="4567890 CB",
    contact_phone="71234567",
    contact_email="juan@correo.example",
    plan_code="FO60",
    technology="FO",
    down_mbps=60,
    tariff_bob=Decimal("189.00"),
    installation_bob=Decimal("150.00"),
    address="Av. América Este Nº 1234",
    lat=-17.3760,
    lon=-66.1530,
    payment_form="prepaid",
    invoice_name="Juan Quispe",
    invoice_tax_id="4567890",
)
READY = Agreement(
    AGREED,
    max_mbps=100,
    letter_accepted=True,
    requirements_complete=True,
    paid_bob=Decimal("339.00"),
    due_bob=Decimal("339.00"),
)


def red(agreement: Agreement, keyed: SaleData) -> dict[str, F]:
    """The findings that are not green."""
    return {f.check: f for f in keying_findings(agreement, keyed) if not f.ok}


def test_what_is_keyed_as_agreed_is_all_green() -> None:
    assert passes(keying_findings(READY, AGREED))


def test_accents_and_capitals_are_no_error() -> None:
    assert not red(READY, replace(AGREED, customer_name="JUAN QUISPE MAMANI", address="Av. America Este N° 1234"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_name", "Juana Quispe Mamani"),
        ("customer_ci", "4567891 CB"),
        ("contact_phone", "71234568"),
        ("contact_email", "otro@correo.example"),
        ("plan_code", "FO100"),
        ("technology", "HFC"),
        ("tariff_bob", Decimal("198.00")),
        ("installation_bob", Decimal("0.00")),
        ("address", "Av. América Oeste Nº 1234"),
        ("payment_form", "postpaid"),
        ("invoice_name", "Juan Mamani"),
        ("invoice_tax_id", "4567809"),
    ],
)
def test_each_field_that_differs_is_red_with_both_values(field: str, value: object) -> None:
    found = red(READY, replace(AGREED, **{field: value}))  # type: ignore[arg-type]
    assert found[field].reason.code == "keyed_differs"
    assert found[field].found == str(value)


def test_a_field_left_empty_is_red() -> None:
    assert red(READY, replace(AGREED, contact_phone=""))["contact_phone"].reason.code == "keyed_missing"


def test_no_email_is_green_when_none_was_agreed() -> None:
    agreement = replace(READY, data=replace(AGREED, contact_email=""))
    assert not red(agreement, replace(AGREED, contact_email=""))


@pytest.mark.parametrize(("lat", "ok"), [(-17.37605, True), (-17.3764, True), (-17.3765, False)])
def test_the_pin_may_move_within_the_house(lat: float, ok: bool) -> None:
    assert ("pin" not in red(READY, replace(AGREED, lat=lat))) is ok


def test_a_missing_pin_is_red() -> None:
    assert red(READY, replace(AGREED, lat=None, lon=None))["pin"].reason.code == "keyed_missing"


def test_a_plan_faster_than_help_desk_confirmed_is_red() -> None:
    assert red(replace(READY, max_mbps=50), AGREED)["max_mbps"].reason.params == {"down_mbps": 60, "max_mbps": 50}
    assert not red(replace(READY, max_mbps=60), AGREED)
    assert not red(replace(READY, max_mbps=None), AGREED)


def test_letter_and_requirements_must_be_there() -> None:
    assert set(red(replace(READY, letter_accepted=False, requirements_complete=False), AGREED)) == {
        "letter_accepted",
        "requirements_complete",
    }


def test_prepaid_wants_the_money_in_to_the_cent() -> None:
    assert red(replace(READY, paid_bob=Decimal("338.99")), AGREED)["payment"].reason.params == {"missing_bob": "0.01"}


def test_postpaid_wants_no_money() -> None:
    data = replace(AGREED, payment_form="postpaid")
    assert not red(replace(READY, data=data, paid_bob=Decimal(0)), data)


def test_a_second_open_order_is_red() -> None:
    assert red(replace(READY, open_order="OS-2026-000001"), AGREED)["open_order"].reason.code == "order_open"
