"""The embedded BSS: the port done for real on the project's own records, so that a fresh machine can sell."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from thaki.integrations.bss.answers import once, refusing
from thaki.integrations.bss.embedded_care import EmbeddedCare
from thaki.integrations.bss.port import (
    BillView,
    BssError,
    CreditNote,
    CustomerData,
    CustomerQuery,
    CustomerRecord,
    CustomerSummary,
    DebtView,
    InvoiceRequest,
    IssuedInvoice,
    OrderRequest,
    OrderView,
    RequestView,
    ServiceView,
)
from thaki.records.billing import queries as billing
from thaki.records.billing.models import Invoice
from thaki.records.billing.operations import service as billing_service
from thaki.records.billing.rules import cuf
from thaki.records.customers import operations as customer_operations
from thaki.records.customers import queries as customers
from thaki.records.customers.models import Customer
from thaki.records.customers.rules import Ci
from thaki.records.network import queries as network
from thaki.records.network.models import AccessPoint
from thaki.records.numbers import REHEARSAL, next_number
from thaki.records.orders import operations as order_operations
from thaki.records.orders.models import ProductOrder
from thaki.records.reasons import RuleError

State = ProductOrder.State


class EmbeddedBss(EmbeddedCare):
    """See `port.Bss`, whose methods these are."""

    def find_customers(self, query: CustomerQuery, *, limit: int = 8) -> tuple[CustomerSummary, ...]:
        """By every sign at once, likeliest first."""
        matches = customers.recognise(
            name=query.name, ci=query.ci, phone=query.phone, email=query.email, nit=query.nit, limit=limit
        )
        return tuple(_summary(m.customer, m.score) for m in matches)

    def register_customer(self, data: CustomerData, *, key: str, now: datetime) -> str:
        """Once a key."""

        def register() -> dict[str, Any]:
            ci = Ci(data.ci_number, data.ci_complement, data.ci_department) if data.ci_number else None
            values = {"nit": data.nit, "email": data.email, "address": data.address, "zone": data.zone}
            customer = customer_operations.register(
                given_names=data.given_names,
                surnames=data.surnames,
                business_name=data.business_name,
                ci=ci,
                phones=data.phones,
                category=data.category,
                lat=data.lat,
                lon=data.lon,
                by=None,
                now=now,
                **{name: value for name, value in values.items() if value},
            )
            return {"code": customer.code}

        return str(refusing(lambda: once(key, "register_customer", now, register))["code"])

    def customer_record(self, code: str) -> CustomerRecord | None:
        """Five queries, whatever the customer has."""
        customer = Customer.objects.filter(code=code).prefetch_related("phones").first()
        if customer is None:
            return None
        services = customer.subscriptions.select_related("plan").order_by("status", "-since_on", "-pk")
        orders = customer.orders.select_related("plan").order_by("-placed_at")[:20]
        return CustomerRecord(
            _summary(customer),
            tuple(ServiceView(s.number, s.plan.name, s.technology, s.status, s.since_on, s.ended_on) for s in services),
            tuple(DebtView(d.concept, d.amount_bob, d.due_on) for d in customer.debts.filter(settled_at=None)),
            tuple(
                RequestView(r.number, r.kind, r.summary, r.opened_at) for r in customer.requests.filter(closed_at=None)
            ),
            tuple(_order_view(o) for o in orders),
        )

    def place_order(self, request: OrderRequest, *, key: str, now: datetime) -> OrderView:
        """Send it to the field: a port of the access point that serves the place is reserved, if there is one."""

        def place() -> dict[str, Any]:
            order = _order(request.number)
            if order.state == State.ACKNOWLEDGED:  # it may have been annulled while the request was under way
                order_operations.start_order(order.pk, access_point=_access_point(request), by=None, now=now)
            return {"number": order.number}

        refusing(lambda: once(key, "place_order", now, place))
        return _order_view(_order(request.number))

    def cancel_order(self, number: str, *, reason: str, key: str, now: datetime) -> OrderView:
        """Annul it, unless that was done on our side already."""

        def cancel() -> dict[str, Any]:
            order = _order(number)
            if order.state != State.CANCELLED:
                order_operations.annul_order(order.pk, reason=reason, by=None, now=now)
            return {"number": number}

        refusing(lambda: once(key, "cancel_order", now, cancel))
        return _order_view(_order(number))

    def order(self, number: str) -> OrderView | None:
        """As recorded."""
        found = ProductOrder.objects.select_related("plan").filter(number=number).first()
        return _order_view(found) if found else None

    def issue_invoice(self, request: InvoiceRequest, *, key: str, now: datetime) -> IssuedInvoice:
        """The next number of the series, and its CUF."""

        def issue() -> dict[str, Any]:
            number = next_number("FAC", now, case_ref=request.case_ref)
            return {"number": number, "cuf": _cuf(number, now), "issued_at": now.isoformat()}

        answer = once(key, "issue_invoice", now, issue)
        return IssuedInvoice(answer["number"], answer["cuf"], _instant(answer["issued_at"]))

    def void_invoice(self, number: str, *, reason: str, key: str, now: datetime) -> CreditNote:
        """A credit note of the next number."""

        def void() -> dict[str, Any]:
            if not Invoice.objects.filter(number=number).exists():
                raise BssError(f"La factura {number} no existe.", retry=False)
            rehearsed = REHEARSAL if number.startswith(REHEARSAL) else ""
            return {"number": next_number("NC", now, case_ref=rehearsed), "issued_at": now.isoformat()}

        answer = once(key, "void_invoice", now, void)
        return CreditNote(answer["number"], _instant(answer["issued_at"]))

    def recurring_bills(self, month: date) -> tuple[BillView, ...]:
        """Of the enrolments in our records."""
        lines = billing.recurring_list(month, today=timezone.localdate()).lines
        return tuple(
            BillView(
                line.bill.enrolment.case_ref,
                line.bill.enrolment.customer.full_name,
                line.bill.month,
                line.bill.amount_bob,
                line.bill.due_on,
                line.bill.paid_at,
                line.bill.paid_reference,
            )
            for line in lines
        )


def _order(number: str) -> ProductOrder:
    """The order of a number; BssError when there is none."""
    order = ProductOrder.objects.select_related("plan").filter(number=number).first()
    if order is None:
        raise BssError(f"La orden {number} no existe.", retry=False)
    return order


def _access_point(request: OrderRequest) -> AccessPoint | None:
    """The access point that serves the place with the order's technology; None when our records know of none."""
    if request.lat is None or request.lon is None:
        return None
    verdicts = network.qualify(request.lat, request.lon)
    code = next((v.access_point for v in verdicts if v.technology == request.technology and v.available), "")
    return AccessPoint.objects.filter(code=code).first()


def _summary(customer: Customer, score: int = 100) -> CustomerSummary:
    """The customer in the port's terms."""
    return CustomerSummary(
        customer.code, customer.full_name, customer.ci, customers.main_phone(customer), customer.email, score
    )


def _order_view(order: ProductOrder) -> OrderView:
    """The order in the port's terms."""
    return OrderView(order.number, order.state, order.plan.name, order.placed_at, order.completed_at, order.annulled_at)


def _cuf(number: str, now: datetime) -> str:
    """The CUF of an invoice of this installation (`THAKI_ISSUER_NIT`, `THAKI_CUFD`); a rehearsal's says so."""
    if number.startswith(REHEARSAL):
        return number
    return cuf(
        nit=str(getattr(settings, "THAKI_ISSUER_NIT", "1000000000")),
        issued_at=timezone.localtime(now),
        number=int(number.rsplit("-", 1)[1]),
        control=str(getattr(settings, "THAKI_CUFD", "DEMO")),
    )


def _instant(text: str) -> datetime:
    """An instant that an answer kept as text."""
    instant = parse_datetime(text)
    assert instant is not None  # written by isoformat
    return instant


def advance_orders(*, now: datetime, install_after: timedelta = timedelta(days=2)) -> int:
    """The field's work, for the demonstration: orders in progress for so long are completed. How many."""
    ready = ProductOrder.objects.filter(state=State.IN_PROGRESS, started_at__lte=now - install_after).order_by("pk")
    done = 0
    for order_id in ready.values_list("pk", flat=True)[:200]:
        try:
            order_operations.complete_order(order_id, by=None, now=now)
        except RuleError:
            continue  # somebody was first
        done += 1
    return done


BILL_DAY = 5  # of each month: that month's bills of all services


def bill_services(*, now: datetime) -> int:
    """The billing run: the month's bill of every service that has none, and what waited for one is applied. How many bills."""
    today = timezone.localdate(now)
    made = billing_service.issue_service_bills(today, today=today) if today.day >= BILL_DAY else 0
    billing_service.meet_bills(now=now)
    return made
