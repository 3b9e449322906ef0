"""The metas of the month by product and executive, entered by the Jefe División Ventas (R-A5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.models import Goal
from thaki.records.offers.models import Plan
from thaki.reporting.months import first_day


class GoalForm(forms.Form):
    """One meta."""

    month = forms.DateField(
        label=_("Mes"),
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        error_messages={"invalid": _("Elija un mes.")},
    )
    product_kind = forms.ChoiceField(
        label=_("Producto"), required=False, choices=[("", _("Todos los productos")), *Plan.Kind.choices]
    )
    executive = forms.ModelChoiceField(
        label=_("Ejecutivo"), required=False, empty_label=_("Todos"), queryset=User.objects.none()
    )
    sales_count = forms.IntegerField(label=_("Ventas del mes"), min_value=1, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sellers = User.objects.filter(roles__contains=[Role.EJECUTIVO_VENTAS_DIGITALES.value], is_active=True)
        self.fields["executive"].queryset = sellers.order_by("last_name", "first_name")  # type: ignore[attr-defined]


def save_goal(
    *, month: date, product_kind: str, executive: User | None, sales_count: int, by: User, now: datetime
) -> Goal:
    """Enter a meta, or replace the one of the same month, product and executive."""
    goal, _created = Goal.objects.update_or_create(
        month_on=first_day(month),
        product_kind=product_kind,
        executive=executive,
        defaults={"sales_count": sales_count, "entered_by": by, "entered_at": now},
    )
    return goal
