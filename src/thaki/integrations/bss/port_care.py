"""What Thaki asks of the BSS to keep a customer (RET 1, 4, 5, 13): bills, billing claims, work orders. Part of `port.Bss`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServiceBillView:
    """The bill of a service for a month."""

    service: str  # its number
    month: date
    amount_bob: Decimal
    issued_on: date
    due_on: date
    paid_at: datetime | None = None
    removed_at: datetime | None = None
    adjusted_bob: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class BillingClaimRequest:
    """A billing claim to be registered (step 4: "Retiro por Retención con Servicio de Ingeniería"; step 13: compensation)."""

    number: str  # ours; the BSS keeps it as external id
    customer_code: str
    service: str
    kind: str  # removal | compensation
    reason: str
    month: date
    amount_bob: Decimal
    days: int | None = None


@dataclass(frozen=True, slots=True)
class BillingClaimView:
    """A billing claim and how far it is."""

    number: str
    state: str  # registered | waiting_bill | applied | rejected
    applied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkOrderRequest:
    """A work order to be entered (TMF697 WorkOrder), with the fields of step 5 to the letter."""

    number: str  # ours; the BSS keeps it as external id
    customer_code: str
    service: str
    product: str
    activity: str  # 40530 PEX/Adecuación por Retención
    payment_form: str  # Crédito
    charge_bob: Decimal  # 0
    observations: str  # the glosa
    due_at: datetime
    address: str
    contact_phone: str
    lat: float | None = None
    lon: float | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class WorkOrderView:
    """A work order and how far it is."""

    number: str
    state: str  # issued | printed | scheduled | on_site | closed | cancelled
    due_at: datetime
    technician: str = ""
    arrived_at: datetime | None = None
    closed_at: datetime | None = None


class CareBss(Protocol):
    """These methods of the port."""

    def service_bills(self, customer_code: str, *, since: date) -> tuple[ServiceBillView, ...]:
        """The bills of a customer's services from a month on, the newest first."""
        ...

    def register_billing_claim(self, request: BillingClaimRequest, *, key: str, now: datetime) -> BillingClaimView:
        """Register a billing claim."""
        ...

    def place_work_order(self, request: WorkOrderRequest, *, key: str, now: datetime) -> WorkOrderView:
        """Enter a work order."""
        ...

    def cancel_work_order(self, number: str, *, reason: str, key: str, now: datetime) -> WorkOrderView:
        """Cancel a work order that is not closed."""
        ...

    def work_order(self, number: str) -> WorkOrderView | None:
        """How far a work order is; None when there is none of that number."""
        ...
