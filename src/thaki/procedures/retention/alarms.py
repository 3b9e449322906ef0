"""The 24 hours of a work order: warned at 18, escalated at 24 (R-B7). Said once an order, whatever step it lies at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Work
from thaki.channels.email import outbox
from thaki.people import policies
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention.models import Retention

# Who hears of it, by what the timer's node is called in the file.
WARNED = (Role.SUPERVISOR_CENTRO_OPERACIONES,)
ESCALATED = (
    Role.SUPERVISOR_CENTRO_OPERACIONES,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RECURSOS,
    Role.JEFE_RELACION_CLIENTE,
)
BEGINNINGS = {"Late18": ("retention.visit_warning_hours", WARNED), "Late24": ("retention.visit_hours", ESCALATED)}


def timer_fired(work: Work) -> None:
    """A clock of the order rang: those who lead it are told, unless the technician is there already."""
    known = BEGINNINGS.get(work.node.partition("_")[0])
    retention: Retention = work.record
    order = retention.work_order
    if known is None or order is None or not order.is_open or order.arrived_at is not None:
        return
    policy, roles = known
    hours = policies.get_int(policy)
    for to in addresses(roles):
        outbox.queue(
            work,
            key=f"{order.number}:{policy}:{to}",
            to=to,
            subject=str(_("Orden %(order)s: %(hours)d horas sin visita")) % {"order": order.number, "hours": hours},
            template="retention/mail/late",
            context={
                "order": order,
                "customer": retention.customer,
                "hours": hours,
                "warning": policies.get_int("retention.visit_warning_hours"),
            },
        )
    work.note(order=order.number, hours=hours)


def addresses(roles: tuple[Role, ...]) -> list[str]:
    """The e-mail addresses of those who have one of the roles."""
    people = User.objects.filter(is_active=True, roles__overlap=[role.value for role in roles]).exclude(email="")
    return list(people.order_by("pk").values_list("email", flat=True))
