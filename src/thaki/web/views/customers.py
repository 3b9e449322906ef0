"""The register of customers, and the pages of one: everything known of him in one place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.retention.views import RECEIVERS
from thaki.records.billing.models import Invoice, Payment, RecurringBill, RecurringEnrolment
from thaki.records.customers import queries
from thaki.records.customers.models import Customer, Debt, ServiceRequest
from thaki.records.customers.readers import CUSTOMER_READERS
from thaki.records.customers.rules import whatsapp_link
from thaki.ui.paging import stretch_of
from thaki.web import customer_care, customer_list, customer_page, finding, recents
from thaki.web.helpers import asked, is_fragment
from thaki.web.models import Recent

SELLERS = (Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES)
PART = 8  # rows of a section
ALIKE_FROM = 60  # of 100: below it two registrations are hardly the same person


@vary_on_headers("HX-Request")
@require_safe
@staff(*CUSTOMER_READERS)
def customer_list_page(request: StaffRequest) -> HttpResponse:
    """The register by name, narrowed by its address."""
    filters = customer_list.read(request.GET)
    text = asked(request, "q")
    stretch = None
    if text:
        found = finding.find(text, request.user, limit=50)
        rows = [customer for customer in found.customers if filters.fits(customer)]
    else:
        stretch = customer_list.stretch(filters, request.GET.get("desde", ""))
        rows = list(stretch.rows)
    context = {
        "rows": rows,
        "stretch": stretch,
        "more": bool(text) and found.more,
        "filters": filters,
        "zones": customer_list.zones(),
        "choices": customer_list.CHOICES,
    }
    page = "web/customer/list.html"
    return render(request, f"{page}#list" if is_fragment(request) else page, context)


@require_safe
@staff(*CUSTOMER_READERS)
def customer(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Who he is, what he has, what he owes, what he asked for and where his cases stand."""
    found = customer_page.find(customer_id)
    recents.remember(request.user, Recent.Kind.CUSTOMER, found.pk, now=timezone.now())
    sales = stretch_of(customer_page.cases(found, request.user), request, "casos", PART)
    services = stretch_of(customer_page.subscriptions(found), request, "servicios", PART)
    context = {
        **frame(request, found, "customer"),
        "warnings": queries.warnings(found),
        "services": services,
        "requests": stretch_of(ServiceRequest.objects.filter(customer=found), request, "solicitudes", PART),
        "sales": sales,
        "cases": customer_page.shown(sales.rows),
        "sees_cases": any(app.code == "sales" for app in finding.visible_procedures(request.user)),
    }
    return render(request, "web/customer/summary.html", context)


@require_safe
@staff(*CUSTOMER_READERS)
def alike(request: StaffRequest, customer_id: int) -> HttpResponse:
    """A fragment: others in the register who may be the same person, and prospects who call from his telephone."""
    found = customer_page.find(customer_id)
    matches = queries.recognise(
        name=found.full_name, ci=found.ci, phone=found.main_phone, email=found.email, nit=found.nit
    )
    others = [match for match in matches if match.customer.pk != found.pk and match.score >= ALIKE_FROM]
    context = {"others": others[:5], "prospects": customer_page.other_requests(found, request.user)}
    return render(request, "web/customer/alike.html", context)


@require_safe
@staff(*CUSTOMER_READERS)
def money(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Debts, monthly bills, payments and invoices."""
    found = customer_page.find(customer_id)
    bills = RecurringBill.objects.filter(enrolment__customer=found).select_related("enrolment")
    enrolments = RecurringEnrolment.objects.filter(customer=found).order_by("-pk")[:PART]
    context = {
        **frame(request, found, "customer_money"),
        "owed": customer_page.owed(found),
        "debts": stretch_of(Debt.objects.filter(customer=found), request, "deudas", PART),
        "bills": stretch_of(bills, request, "cobros", PART),
        "enrolments": enrolments,
        "payments": stretch_of(Payment.objects.filter(customer=found), request, "pagos", PART),
        "invoices": stretch_of(Invoice.objects.filter(customer=found), request, "facturas", PART),
        **customer_care.bills_and_claims(found, customer_page.subscriptions(found)),
        "today": timezone.localdate(),
    }
    return render(request, "web/customer/money.html", context)


@require_safe
@staff(*CUSTOMER_READERS)
def talks(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Mails and tries to reach him, of the cases that the person may open."""
    found = customer_page.find(customer_id)
    ids = customer_page.case_ids(found, request.user)
    context = {
        **frame(request, found, "customer_talks"),
        "mails": stretch_of(customer_page.mails(ids), request, "correos", PART * 2),
        "attempts": stretch_of(customer_page.attempts(ids), request, "intentos", PART * 2),
    }
    return render(request, "web/customer/talks.html", context)


@require_safe
@staff(*CUSTOMER_READERS)
def documents(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The papers of his cases; what is kept for some posts says so."""
    found = customer_page.find(customer_id)
    papers = customer_page.documents(customer_page.case_ids(found, request.user))
    stretch = stretch_of(papers, request, "desde", PART * 3)
    by_case: dict[Any, list[Any]] = {}
    for link in stretch.rows:
        by_case.setdefault(link.case, []).append(link)
    context = {**frame(request, found, "customer_documents"), "stretch": stretch, "by_case": by_case.items()}
    return render(request, "web/customer/documents.html", context)


@require_safe
@staff(*CUSTOMER_READERS)
def history(request: StaffRequest, customer_id: int) -> HttpResponse:
    """What the register said of him before, and who changed it."""
    found = customer_page.find(customer_id)
    size = PART * 3
    stretch = stretch_of(customer_page.events(found), request, "desde", size)
    rows = list(stretch.rows)
    before = (
        customer_page.events(found).filter(pk__lt=rows[-1].pk).order_by("-pk").first() if stretch.has_more else None
    )
    context = {
        **frame(request, found, "customer_history"),
        "stretch": stretch,
        "changes": customer_page.changes(rows, before),
    }
    return render(request, "web/customer/history.html", context)


# ---------------------------------------------------------------------- what all pages of a customer have
TABS = (
    ("customer", "user", gettext_lazy("Resumen")),
    ("customer_care", "tool", gettext_lazy("Reclamos y visitas")),
    ("customer_money", "cash", gettext_lazy("Deudas y pagos")),
    ("customer_talks", "message", gettext_lazy("Conversaciones")),
    ("customer_documents", "files", gettext_lazy("Documentos")),
    ("customer_history", "history", gettext_lazy("Historia")),
)


def frame(request: HttpRequest, found: Customer, tab: str) -> dict[str, Any]:
    """Head and tabs."""
    phone = found.main_phone
    mobile = next((p.number for p in found.phones.all() if p.is_whatsapp), phone)
    sells = request.user.is_authenticated and request.user.has_role(*SELLERS)
    keeps = request.user.is_authenticated and request.user.has_role(*RECEIVERS)
    return {
        "customer": found,
        "phone": phone,
        "whatsapp": whatsapp_link(mobile, ""),
        "sale_url": f"{reverse('sales:new_prospect')}?cliente={found.pk}" if sells else "",
        "retention_url": f"{reverse('retention:receive')}?cliente={found.pk}" if keeps else "",
        "now": timezone.now(),
        "tabs": [
            {"label": label, "icon": icon, "href": reverse(name, args=[found.pk]), "active": name == tab}
            for name, icon, label in TABS
        ],
    }
