"""Database constraints that several records share.

A CHECK that comes out as NULL passes, so every condition on a nullable column also says that the column is not null.
"""

from __future__ import annotations

from django.db.models import CheckConstraint, Q
from django.db.models.constraints import BaseConstraint


def choice(field: str, values: list[str], *, blank: bool = False) -> BaseConstraint:
    """The column holds one of the values (or the empty text)."""
    allowed = [*values, ""] if blank else values
    return CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=f"%(app_label)s_%(class)s_{field}_known")


def together(name: str, *fields: str) -> BaseConstraint:
    """The nullable columns are set all or none: who and when stand or fall together."""
    none = Q(**{f"{f}__isnull": True for f in fields})
    every = Q(**{f"{f}__isnull": False for f in fields})
    return CheckConstraint(condition=none | every, name=f"%(app_label)s_%(class)s_{name}_together")


def not_negative(*fields: str) -> list[BaseConstraint]:
    """Each column is zero or more (or null)."""
    return [
        CheckConstraint(condition=Q(**{f"{f}__gte": 0}), name=f"%(app_label)s_%(class)s_{f}_not_neg") for f in fields
    ]


def on_earth(*, nullable: bool = True) -> list[BaseConstraint]:
    """`lat` and `lon` stand together and lie on the globe."""
    inside = Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180))
    absent = Q(lat__isnull=True, lon__isnull=True)
    return [
        CheckConstraint(condition=inside | absent if nullable else inside, name="%(app_label)s_%(class)s_pin_on_earth")
    ]


def iff(name: str, condition: Q, *, holds: Q) -> BaseConstraint:
    """`holds` is true exactly when `condition` is (both must be free of nulls)."""
    return CheckConstraint(
        condition=(condition & holds) | (~condition & ~holds), name=f"%(app_label)s_%(class)s_{name}"
    )
