"""Orders and contracts: place, carry out, annul; draft, print, sign, archive (steps 20 to 25)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from thaki.records.customers import operations as customers
from thaki.records.customers.rules import parse_phone
from thaki.records.network import operations as network
from thaki.records.numbers import REHEARSAL, next_number, take
from thaki.records.orders.models import OPEN_STATES, ProductOrder, ServiceContract
from thaki.records.orders.rules import CONTRACT_MOVES, ORDER_MOVES, check_move
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from decimal import Decimal

    from thaki.people.models import User
    from thaki.records.customers.models import Customer
    from thaki.records.documents.models import Document
    from thaki.records.network.models import AccessPoint
    from thaki.records.offers.models import CommercialLetter, Plan

State = ProductOrder.State
FIRST_SERVICE_NUMBER = 46_000_000  # Cochabamba's fixed numbering; the demonstration's lines lie below


@transaction.atomic
def place_order(
    *,
    case_ref: str,
    customer: Customer,
    plan: Plan,
    payment_form: str,
    tariff_bob: Decimal,
    installation_bob: Decimal,
    address: str,
    contact_phone: str,
    letter: CommercialLetter | None = None,
    replaces: ProductOrder | None = None,
    by: User | None,
    now: datetime,
    **other: Any,
) -> ProductOrder:
    """Enter an order; refused while the sale has an open one, and a replacement only for an annulled order, once.

    `other`: action, technology (the plan's by default), address_reference, zone, lat, lon, contact_email, invoice_name,
    invoice_tax_id, notes. The control of keying (`rules.keying_findings`) is the caller's to have passed.
    """
    open_one = ProductOrder.objects.filter(case_ref=case_ref, state__in=OPEN_STATES).first()
    if open_one:
        raise RuleError("order_open_already", number=open_one.number)
    if replaces is not None:
        _check_replaceable(replaces)
    order = ProductOrder(
        number=next_number("OS", now, case_ref=case_ref),
        case_ref=case_ref,
        customer=customer,
        plan=plan,
        payment_form=payment_form,
        tariff_bob=tariff_bob,
        installation_bob=installation_bob,
        technology=other.pop("technology", "") or plan.technology,
        down_mbps=plan.down_mbps,
        address=tidy(address),
        contact_phone=parse_phone(contact_phone, on="contact_phone").number,
        letter=letter,
        replaces=replaces,
        placed_at=now,
        placed_by=by,
        **other,
    )
    order.save(force_insert=True)
    return order


def _check_replaceable(order: ProductOrder) -> None:
    """Only an annulled order is keyed again, and once (R-A3)."""
    locked = ProductOrder.objects.select_for_update().get(pk=order.pk)
    if locked.state != State.CANCELLED:
        raise RuleError("order_replaces_open", number=locked.number)
    if ProductOrder.objects.filter(replaces=locked).exists():
        raise RuleError("order_replaced_already", number=locked.number)


def _locked(order_id: int, to: str) -> ProductOrder:
    """The order, locked, if it may move to that state."""
    order = ProductOrder.objects.select_for_update().get(pk=order_id)
    check_move(ORDER_MOVES, order.state, to, what=order.number)
    return order


@transaction.atomic
def start_order(
    order_id: int, *, access_point: AccessPoint | None = None, by: User | None, now: datetime
) -> ProductOrder:
    """The order goes to the field; a port of `access_point` is reserved for it."""
    order = _locked(order_id, State.IN_PROGRESS)
    if access_point is not None and order.access_point_id is None:
        network.occupy_port(access_point.code, by=by, now=now)
        order.access_point = access_point
    order.state, order.started_at = State.IN_PROGRESS, now
    order.save(update_fields=["state", "started_at", "access_point"])
    return order


@transaction.atomic
def complete_order(order_id: int, *, by: User | None, now: datetime) -> ProductOrder:
    """The service works: ATENDIDO/CERRADA. The customer has it from now on, on a line if a port was reserved."""
    order = _locked(order_id, State.COMPLETED)
    order.state, order.completed_at = State.COMPLETED, now
    order.save(update_fields=["state", "completed_at"])
    _hand_over(order, by=by, now=now)
    return order


def _hand_over(order: ProductOrder, *, by: User | None, now: datetime) -> None:
    """The service that the order leaves behind; an upgrade ends the customer's older ones of the same kind."""
    rehearsed = order.case_ref.startswith(REHEARSAL)
    number = order.number[-16:] if rehearsed else str(FIRST_SERVICE_NUMBER + take("SV"))
    line = None
    if order.access_point is not None and order.lat is not None and order.lon is not None:
        line = network.add_line(
            number=number,
            access_point=order.access_point,
            lat=order.lat,
            lon=order.lon,
            address=order.address,
            zone=order.zone,
            down_mbps=max(order.down_mbps, 1),
            now=now,
        )
    if order.action == ProductOrder.Action.UPGRADE:
        older = order.customer.subscriptions.filter(status="active", plan__kind=order.plan.kind).order_by("pk")
        for subscription in older:
            customers.withdraw(subscription.pk, on=timezone.localdate(now), by=by, now=now)
    customers.subscribe(
        order.customer, plan=order.plan, number=number, line=line, technology=order.technology, by=by, now=now
    )


@transaction.atomic
def annul_order(order_id: int, *, reason: str, by: User | None, now: datetime) -> ProductOrder:
    """Annul an open order, with its reason; its port is free again."""
    if not tidy(reason):
        raise RuleError("annul_reason", on="reason")
    order = _locked(order_id, State.CANCELLED)
    order.state, order.annulled_at, order.annulled_by, order.annul_reason = State.CANCELLED, now, by, tidy(reason)[:200]
    order.save(update_fields=["state", "annulled_at", "annulled_by", "annul_reason"])
    if order.access_point is not None:
        network.release_port(order.access_point.code, by=by, now=now)
    return order


# --- Solicitud Contrato de Servicios ---------------------------------------------------------------------------------

Contract = ServiceContract.State


def draft_contract(order: ProductOrder, *, by: User | None, now: datetime) -> ServiceContract:
    """Prepare the contract of an order; twice is once."""
    number = order.number.replace("OS-", "CS-", 1)
    contract, _created = ServiceContract.objects.get_or_create(
        order=order, defaults={"number": number, "drafted_at": now}
    )
    return contract


def _locked_contract(contract_id: int, to: str) -> ServiceContract:
    """The contract, locked, if it may move to that state."""
    contract = ServiceContract.objects.select_for_update().get(pk=contract_id)
    check_move(CONTRACT_MOVES, contract.state, to, what=contract.number)
    return contract


@transaction.atomic
def print_contract(
    contract_id: int, *, document: Document | None = None, by: User | None, now: datetime
) -> ServiceContract:
    """Original and copy are printed; printing again before the signature counts."""
    contract = _locked_contract(contract_id, Contract.PRINTED)
    contract.state, contract.printed_at = Contract.PRINTED, contract.printed_at or now
    contract.prints += 1
    contract.document = document or contract.document
    contract.save(update_fields=["state", "printed_at", "prints", "document"])
    return contract


@transaction.atomic
def sign_contract(
    contract_id: int, *, how: str, name: str, signed_document: Document | None = None, by: User | None, now: datetime
) -> ServiceContract:
    """The customer signs (how: "agency", "visit") or accepts on his link ("link"), by name."""
    if not tidy(name):
        raise RuleError("signer_missing", on="signed_by_name")
    contract = _locked_contract(contract_id, Contract.SIGNED)
    if contract.state == Contract.DRAFTED and how != ServiceContract.Acceptance.LINK:
        raise RuleError("state_forbids", what=contract.number, state=contract.state, to=Contract.SIGNED)
    contract.state, contract.signed_at, contract.accepted_how = Contract.SIGNED, now, how
    contract.signed_by_name, contract.signed_document = tidy(name)[:160], signed_document
    contract.save(update_fields=["state", "signed_at", "accepted_how", "signed_by_name", "signed_document"])
    return contract


@transaction.atomic
def archive_contract(contract_id: int, *, by: User, now: datetime) -> ServiceContract:
    """The signed original goes to the file."""
    contract = _locked_contract(contract_id, Contract.ARCHIVED)
    contract.state, contract.archived_at, contract.archived_by = Contract.ARCHIVED, now, by
    contract.save(update_fields=["state", "archived_at", "archived_by"])
    return contract
