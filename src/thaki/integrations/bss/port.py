"""What Thaki asks of the BSS (Smartflex), in TM Forum terms. No public API of Smartflex is known, so this is a port:

the embedded BSS (`embedded.py`) does it for real on our own records; an adapter for a gateway says the same methods.

Every method that changes something takes `key`: asked twice with one key, it is done once and gives the same answer.
A method that cannot do its work raises `BssError`, which says whether trying again may help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from thaki.integrations.bss.port_care import CareBss
from thaki.integrations.bss.port_error import BssError as BssError


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """What is known of a customer who is looked for; any of it may be empty."""

    name: str = ""
    ci: str = ""
    phone: str = ""
    email: str = ""
    nit: str = ""


@dataclass(frozen=True, slots=True)
class CustomerData:
    """A customer to be registered (TMF629 Customer)."""

    given_names: str = ""
    surnames: str = ""
    business_name: str = ""
    ci_number: str = ""
    ci_complement: str = ""
    ci_department: str = ""
    nit: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    zone: str = ""
    lat: float | None = None
    lon: float | None = None
    category: str = "residential"


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """A customer as found; `score` 0 to 100 says how sure it is that it is the one looked for."""

    code: str
    name: str
    ci: str
    phone: str
    email: str
    score: int = 100


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service of the customer (TMF637 Product)."""

    number: str
    plan: str
    technology: str
    status: str
    since_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class DebtView:
    """What the customer owes."""

    concept: str
    amount_bob: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class RequestView:
    """An open request of the customer."""

    number: str
    kind: str
    summary: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order and how far it is (TMF622 ProductOrder.state)."""

    number: str
    state: str  # acknowledged | in_progress | completed | cancelled
    plan: str
    placed_at: datetime
    completed_at: datetime | None = None
    annulled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """The record ("récord") of a customer: what step 5 shows beside the coverage."""

    customer: CustomerSummary
    services: tuple[ServiceView, ...] = ()
    debts: tuple[DebtView, ...] = ()
    requests: tuple[RequestView, ...] = ()
    orders: tuple[OrderView, ...] = ()

    @property
    def owed_bob(self) -> Decimal:
        """All debts together."""
        return sum((d.amount_bob for d in self.debts), Decimal(0))

    @property
    def withdrawn_for_arrears(self) -> tuple[ServiceView, ...]:
        """Services withdrawn because they were not paid."""
        return tuple(s for s in self.services if s.status == "withdrawn_for_arrears")


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A product order to be placed (TMF622)."""

    number: str  # ours; the BSS keeps it as external id
    case_ref: str
    customer_code: str
    plan_code: str
    action: str  # new | upgrade | second_service
    technology: str
    tariff_bob: Decimal
    installation_bob: Decimal
    address: str
    contact_phone: str
    lat: float | None = None
    lon: float | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """An invoice to be issued."""

    case_ref: str
    name: str
    tax_id: str  # NIT or CI, digits
    concept: str
    amount_bob: Decimal
    customer_code: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """What the BSS says of an invoice that it issued; we keep it."""

    number: str
    cuf: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What voids an invoice."""

    number: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class BillView:
    """One line of the monthly recurring control."""

    case_ref: str
    customer: str
    month: date
    amount_bob: Decimal
    due_on: date
    paid_at: datetime | None = None
    reference: str = field(default="")


class Bss(CareBss, Protocol):
    """The port."""

    def find_customers(self, query: CustomerQuery, *, limit: int = 8) -> tuple[CustomerSummary, ...]:
        """Customers who may be the one looked for, likeliest first."""
        ...

    def register_customer(self, data: CustomerData, *, key: str, now: datetime) -> str:
        """Register a customer; his code."""
        ...

    def customer_record(self, code: str) -> CustomerRecord | None:
        """Services, debts, open requests and orders of a customer; None when there is none of that code."""
        ...

    def place_order(self, request: OrderRequest, *, key: str, now: datetime) -> OrderView:
        """Place a product order."""
        ...

    def cancel_order(self, number: str, *, reason: str, key: str, now: datetime) -> OrderView:
        """Cancel an order that is not completed."""
        ...

    def order(self, number: str) -> OrderView | None:
        """How far an order is; None when there is none of that number."""
        ...

    def issue_invoice(self, request: InvoiceRequest, *, key: str, now: datetime) -> IssuedInvoice:
        """Issue an invoice."""
        ...

    def void_invoice(self, number: str, *, reason: str, key: str, now: datetime) -> CreditNote:
        """Void an invoice with a credit note."""
        ...

    def recurring_bills(self, month: date) -> tuple[BillView, ...]:
        """The month's bills of the recurring control."""
        ...


def get_bss() -> Bss:
    """The BSS of this installation: `THAKI_BSS` in the settings names its class; the embedded one by default."""
    factory: Callable[[], Bss] = import_string(
        getattr(settings, "THAKI_BSS", "thaki.integrations.bss.embedded.EmbeddedBss")
    )
    return factory()
