"""The Carta Comercial of a sale: which plans it may offer, its paper, and how it reaches the customer (GVD 8, R-A14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases.operations import attach_within
from thaki.cases.registry import Work
from thaki.channels.email import outbox
from thaki.channels.website import links
from thaki.people import house, policies, texts
from thaki.procedures.sales.choices import SendBy
from thaki.procedures.sales.models import Capacity, Sale
from thaki.procedures.sales.operations import stamp
from thaki.procedures.sales.rules import by_need
from thaki.records.customers.queries import main_phone
from thaki.records.customers.rules import whatsapp_link
from thaki.records.documents import operations as documents
from thaki.records.network.rules import TechnologyVerdict
from thaki.records.offers import operations as offer_operations
from thaki.records.offers import queries as offer_queries
from thaki.records.offers.models import CommercialLetter, LetterItem, Plan, Technology
from thaki.reporting import pdf
from thaki.ui.formats import format_date, format_money, format_phone

KIND = "carta_comercial"
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


# ---------------------------------------------------------------- which plans
def sellable_plans(sale: Sale, today: date) -> list[Plan]:
    """The plans that the address can have, the fittest to the customer's need first: within technology and speed of step 7."""
    if sale.capacity != Capacity.YES:
        return []
    # The form, its page and the step itself ask in turn; the same sale in hand gets the same answer without asking again.
    asked = (today, sale.capacity_technology, sale.max_mbps, sale.wanted_kind, sale.wanted_mbps)
    known: dict[tuple[object, ...], list[Plan]] = sale.__dict__.setdefault("_sellable", {})
    if asked not in known:
        confirmed = TechnologyVerdict(sale.capacity_technology, available=True, max_mbps=sale.max_mbps or 0)
        options = offer_queries.plans_for([confirmed], max_mbps=sale.max_mbps, today=today)
        plans = [option.plan for option in options if option.sellable]
        known[asked] = by_need(plans, sale.wanted_kind, sale.wanted_mbps)
    return known[asked]


# ---------------------------------------------------------------- the letter in force
def holds(letter: CommercialLetter, today: date) -> bool:
    """Whether the letter waits for its answer and its date has not passed."""
    return letter.state == CommercialLetter.State.ISSUED and today <= letter.valid_until_on


def fits_still(sale: Sale, letter: CommercialLetter, today: date) -> bool:
    """Whether every plan of the letter is one that the address can have now."""
    sellable = {plan.pk for plan in sellable_plans(sale, today)}
    return all(item.plan_id in sellable for item in letter.items.all())


def codes(letter: CommercialLetter) -> list[str]:
    """The codes of the letter's plans."""
    return list(letter.items.order_by("tariff_bob", "plan__code").values_list("plan__code", flat=True))


# ---------------------------------------------------------------- issue
def issue(work: Work, plans: Sequence[Plan], note: str = "") -> CommercialLetter:
    """Issue a letter for these plans at today's prices, with its PDF in the case; it takes the place of an open one."""
    sale: Sale = work.record
    letter = offer_operations.issue_letter(
        case_ref=work.case.number,
        plan_ids=[plan.pk for plan in plans],
        note=note,
        valid_days=policies.get_int("sales.letter_valid_days"),
        by=work.by,
        now=work.now,
        **_addressee(sale),
    )
    paper = documents.store(
        pdf.render("sales/carta_comercial.typ", paper_data(letter, str(work.by or ""))),
        name=f"{_('Carta Comercial')} {letter.number}.pdf",
        kind=KIND,
        by=work.by,
        now=work.now,
    )
    offer_operations.attach_letter(letter.pk, paper, by=work.by, now=work.now)
    letter.document = paper
    attach_within(work, paper, KIND)
    sale.letter = letter
    sale.save(update_fields=["letter"])
    work.note(letter=letter.number)
    return letter


def _addressee(sale: Sale) -> dict[str, str]:
    customer, prospect = sale.customer, sale.prospect
    if customer is None:
        return {"customer_name": prospect.name, "customer_email": prospect.email, "customer_phone": prospect.phone}
    return {
        "customer_name": customer.full_name,
        "customer_ci": customer.ci,
        "customer_address": sale.installation_address or customer.address,
        "customer_email": customer.email,
        "customer_phone": main_phone(customer),
    }


def paper_data(letter: CommercialLetter, executive: str) -> dict[str, Any]:
    """What the PDF says; from the letter alone, which is frozen."""
    issued = timezone.localtime(letter.issued_at)
    contact = [format_phone(letter.customer_phone) if letter.customer_phone else "", letter.customer_email]
    return {
        "number": letter.number,
        "case": letter.case_ref,
        "issued_on": f"{issued.day} de {MONTHS[issued.month - 1]} de {issued.year}",
        "valid_until_on": format_date(letter.valid_until_on),
        "executive": executive,
        "opening": texts.of("sales.letter.commercial_opening", {}),
        "closing": texts.of("sales.letter.commercial_closing", {}),
        "note": letter.note,
        "customer": {
            "name": letter.customer_name,
            "ci": letter.customer_ci,
            "address": letter.customer_address,
            "contact": " · ".join(filter(None, contact)),
        },
        "items": [_paper_item(item) for item in letter.items.select_related("plan").order_by("tariff_bob", "pk")],
    }


def _paper_item(item: LetterItem) -> dict[str, str]:
    return {
        "name": item.name,
        "technology": str(Technology(item.technology).label),
        "speed": f"{item.down_mbps} / {item.up_mbps} Mbps" if item.down_mbps else "—",
        "tariff": format_money(item.tariff_bob),
        "installation": format_money(item.installation_bob),
        "conditions": item.conditions,
        "highlights": item.plan.highlights,
    }


def conditions_of(plans: Sequence[Plan]) -> list[tuple[str, str]]:
    """The different conditions of the plans, said once each, with the names of those that they are of ("" for all)."""
    said: dict[str, list[str]] = {}
    for plan in plans:
        said.setdefault(plan.conditions, []).append(plan.name)
    return [(text, "" if len(names) == len(plans) else ", ".join(names)) for text, names in said.items() if text]


# ---------------------------------------------------------------- to the customer
def present(work: Work, letter: CommercialLetter, how: str) -> None:
    """Bring the letter to the customer: he is informed (R-A6). By WhatsApp the executive sends the ready text himself."""
    sale: Sale = work.record
    if how == SendBy.EMAIL:
        _mail(work, letter)
    elif how in (SendBy.WHATSAPP, SendBy.LINK):
        links.issue(work.case, now=work.now)
    stamp(sale, "informed", work.now)
    sale.save(update_fields=["visited_at", "informed_at"])
    work.note(letter_sent=how)


def _mail(work: Work, letter: CommercialLetter) -> None:
    assert letter.document is not None
    outbox.queue(
        work,
        # The same letter may be sent again, so the key has the move's place in the history too.
        key=f"{work.case.number}:letter:{letter.number}:{work.case.last_seq}",
        to=letter.customer_email,
        subject=_("Su Carta Comercial de %(house)s") % {"house": house.words()["short"]},
        template="sales.mail.commercial_letter",
        context={"letter": letter, "link": links.issue(work.case, now=work.now)},
        attachments=[letter.document],
    )


def ready_text(letter: CommercialLetter, address: str) -> str:
    """What is sent by WhatsApp: short, with the customer's link."""
    return texts.of("sales.whatsapp.letter", {"letter": letter, "link": address})


def whatsapp(letter: CommercialLetter, address: str) -> str:
    """The wa.me address with the ready text; "" when the customer's number is no mobile."""
    return whatsapp_link(letter.customer_phone, ready_text(letter, address))
