"""A customer is received: his case is opened, one a customer, a VIP's first of all (R-B6, R-B10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import StepRefused, Work
from thaki.channels.email import outbox
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import antecedents
from thaki.procedures.retention.models import Retention
from thaki.records.customers.models import Customer

VIP_PRIORITY = 10  # the greater comes first in every worklist


def open_case_of(customer_id: int) -> Retention | None:
    """The retention that a customer has under way: a second adviser is led to it."""
    return Retention.objects.filter(customer_id=customer_id, live=True).select_related("case", "adviser").first()


def start(work: Work, payload: dict[str, Any]) -> Retention:
    """The retention of a new case, from `{"customer": id, "subscription"?: id}`; StepRefused names the one that is open."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=payload["customer"])
    known = open_case_of(customer.pk)
    if known is not None:
        says = _("%(name)s ya tiene un caso abierto: %(case)s.")
        raise StepRefused({"": str(says % {"name": customer.full_name, "case": known.case.number})})
    found = antecedents.gather(customer, received_at=work.now, now=work.now)
    retention = Retention.objects.create(
        case=work.case,
        customer=customer,
        subscription_id=payload.get("subscription"),
        adviser=work.by,
        received_at=work.now,
        vip=found.vip.holds,
    )
    if retention.vip:
        work.case.priority = VIP_PRIORITY
        _tell_responsable(work, retention, [str(why) for why in found.vip.why])
    return retention


def _tell_responsable(work: Work, retention: Retention, why: list[str]) -> None:
    """A VIP wants to leave: the Responsable hears of it at once (R-B6)."""
    people = User.objects.filter(is_active=True, roles__contains=[Role.RESPONSABLE_RETENCION.value]).exclude(email="")
    for to in people.order_by("pk").values_list("email", flat=True):
        outbox.queue(
            work,
            key=f"{work.case.number}:vip:{to}",
            to=to,
            subject=str(_("Un cliente VIP quiere irse")),
            template="retention/mail/vip",
            context={"retention": retention, "customer": retention.customer, "why": why},
        )
