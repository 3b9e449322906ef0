"""PostgreSQL's own `point` type (no PostGIS), for nearest-neighbour searches by GiST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field  # generic for the type checker only


class PointField(Field):
    """A column of the core type `point`; read back as an (x, y) tuple. Written only by generated columns."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "point"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> tuple[float, float] | None:
        """`(x,y)` as text becomes a tuple."""
        if value is None:
            return None
        x, y = value.strip("()").split(",")
        return float(x), float(y)


class Spot(models.Func):
    """`point(x, y)` of a longitude already scaled (see rules) and a latitude."""

    function = "point"
    output_field = PointField()
