"""Agencies: the offices where invoices are printed and handed over (R-A12).

Users, tasks, sales and invoices carry the agency's name. When one is renamed, whoever keeps the name is told in the same
transaction, by what its room registered with `on_rename`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from thaki.people.models import Agency, User
from thaki.people.operations import by_person

# What an installation begins with, and offers as long as it has no agency at all.
SHIPPED = ("Agencia Central", "Agencia Norte", "Agencia Sur", "Agencia Quillacollo", "Agencia Sacaba")

Renamed = Callable[[str, str], object]
_followers: list[Renamed] = []


class AgencyInUse(Exception):
    """Somebody still belongs to the agency."""


def on_rename(follower: Renamed) -> None:
    """Register who keeps names of agencies: called with the old and the new one, within the transaction."""
    _followers.append(follower)


def names() -> list[str]:
    """The agencies that work may be given to, by name."""
    rows = list(Agency.objects.order_by("name").values_list("name", "active"))
    return [name for name, active in rows if active] if rows else list(SHIPPED)


def listed() -> QuerySet[Agency]:
    """Every agency with the number of its active people; those in use first."""
    counted = Count("people", filter=Q(people__is_active=True))
    return Agency.objects.annotate(active_people=counted).order_by("-active", "name")


def save(agency: Agency, *, by: User | None, **values: Any) -> Agency:
    """Enter or change an agency; a new name goes to everything that carries the old one."""
    with by_person(by), transaction.atomic():
        before = Agency.objects.select_for_update().filter(pk=agency.pk).values_list("name", flat=True).first()
        for field, value in values.items():
            setattr(agency, field, value)
        agency.save()
        if before is not None and before != agency.name:
            # The key from users to names is checked at the commit, so the two may change one after the other.
            for user in User.objects.filter(office__name=before):
                User.objects.filter(pk=user.pk).update(office_id=agency.name)
            for follower in _followers:
                follower(before, agency.name)
    return agency


def set_active(agency: Agency, *, active: bool, by: User) -> Agency:
    """Offer an agency or do not any more. Raises AgencyInUse while active people belong to it."""
    with by_person(by), transaction.atomic():
        locked = Agency.objects.select_for_update().get(pk=agency.pk)
        people = list(User.objects.filter(office__name=locked.name, is_active=True)[:4])
        if not active and people:
            words = ", ".join(str(person) for person in people[:3]) + ("…" if len(people) > 3 else "")
            raise AgencyInUse(_("Todavía pertenecen a la agencia: %(people)s.") % {"people": words})
        locked.active = active
        locked.save(update_fields=["active"])
    return locked
