"""The register of customers in the order of their names, narrowed and gone through without counting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from thaki.records.customers.models import Bond, Category, Customer, Debt, Segment
from thaki.ui.paging import Stretch

SIZE = 40
CHOICES = {"category": Category.choices, "bond": Bond.choices, "segment": Segment.choices}
# The zones that there are, one probe of their index each: a DISTINCT would read the whole register.
_ZONES = """
WITH RECURSIVE zones(zone) AS (
    (SELECT zone FROM customers_customer WHERE zone > '' ORDER BY zone LIMIT 1)
    UNION ALL
    SELECT (SELECT c.zone FROM customers_customer c WHERE c.zone > zones.zone ORDER BY c.zone LIMIT 1)
    FROM zones WHERE zones.zone IS NOT NULL
)
SELECT zone FROM zones WHERE zone IS NOT NULL LIMIT 300
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it does not name is all."""

    category: str = ""
    bond: str = ""
    segment: str = ""
    zone: str = ""
    owing: bool = False

    def condition(self) -> Q:
        """As a condition on customers."""
        found = Q()
        for name in ("category", "bond", "segment", "zone"):
            if value := getattr(self, name):
                found &= Q(**{name: value})
        if self.owing:
            found &= Q(Exists(Debt.objects.filter(customer=OuterRef("pk"), settled_at=None)))
        return found

    def fits(self, customer: Customer) -> bool:
        """Whether a customer found otherwise is among them (what he owes is not asked)."""
        names = ("category", "bond", "segment", "zone")
        return all(getattr(self, name) in ("", getattr(customer, name)) for name in names)


def read(query: Mapping[str, str]) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    asked = {"category": "categoria", "bond": "vinculo", "segment": "segmento"}
    known = {name: value for name, key in asked.items() if (value := query.get(key, "")) in dict(CHOICES[name])}
    return Filters(**known, zone=query.get("zona", "").replace("\x00", "")[:80], owing=bool(query.get("deuda")))


def stretch(filters: Filters, after: str, size: int = SIZE) -> Stretch[Customer]:
    """The customers after a mark ("quispe ana|17": name and id), by name."""
    name, _sign, key = after.replace("\x00", "").rpartition("|")
    rows = Customer.objects.filter(filters.condition()).defer("trigrams", "name_keys").prefetch_related("phones")
    begins = not (key.isascii() and key.isdigit() and len(key) < 19)
    if not begins:
        rows = rows.filter(sort_key__gte=name).exclude(sort_key=name, pk__lte=int(key))
    found = list(rows.order_by("sort_key", "pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Stretch(found[:size], "desde", begins, f"{last.sort_key}|{last.pk}" if last else "")


def zones() -> list[str]:
    """The zones in which somebody lives."""
    with connection.cursor() as cursor:
        cursor.execute(_ZONES)
        return [row[0] for row in cursor.fetchall()]
