"""GVD step 18: a postpaid sale is put under the control of recurring payment; the control itself is the monthly list (R-A13).

Answer: `method` (counter, debit, card, transfer), `day` (1 to 28), `from_month` (`2026-12`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales.form_parts import today
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Sale
from thaki.records.billing import operations
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import due_on, first_of_month, next_month
from thaki.records.reasons import RuleError

MONTHS_AHEAD = 4  # from this month on
DAY = 10


class EnrolForm(StepForm):
    """How, when and from which month the customer pays."""

    kept = ("day", "from_month")

    method = choice_field(
        _("Medio de pago"), RecurringEnrolment.Method.choices, help_text=_("Como acordó pagar cada mes.")
    )
    day = forms.IntegerField(
        label=_("Día de pago"), min_value=1, max_value=28, help_text=_("Del 1 al 28: todos los meses lo tienen.")
    )
    from_month = choice_field(_("Desde el mes"), (), help_text=_("El primer mes que se le cobra."))

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        super().__init__(data, files, work=work)
        month: Any = self.fields["from_month"]
        month.choices = [(f"{each:%Y-%m}", f"{each:%m/%Y}") for each in months(today(work))]

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The tenth, from next month on."""
        return {"day": DAY, "from_month": f"{next_month(first_of_month(today(work))):%Y-%m}"}


def months(day: date) -> list[date]:
    """The months that the control may begin with."""
    listed = [first_of_month(day)]
    while len(listed) < MONTHS_AHEAD:
        listed.append(next_month(listed[-1]))
    return listed


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """Enrol, with the first bill."""
    sale: Sale = work.record
    if sale.customer is None or sale.tariff_bob is None:
        raise StepRefused({"": str(_("La venta no tiene cliente o tarifa."))})
    month = date.fromisoformat(f"{cleaned['from_month']}-01")
    try:
        sale.enrolment = operations.enrol_recurring(
            case_ref=work.case.number,
            customer=sale.customer,
            order=sale.order,
            method=cleaned["method"],
            day=cleaned["day"],
            from_month=month,
            amount_bob=sale.tariff_bob,
            by=work.by,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused
    _first_bill(sale, sale.enrolment)
    work.note(enrolment=sale.enrolment.pk, method=cleaned["method"])
    sale.save()


def _first_bill(sale: Sale, enrolment: RecurringEnrolment) -> None:
    """The first month carries the installation too; the others are made month by month."""
    RecurringBill.objects.create(
        enrolment=enrolment,
        month=enrolment.from_month,
        amount_bob=enrolment.amount_bob + (sale.installation_bob or 0),
        due_on=due_on(enrolment.from_month, enrolment.day),
    )


def context(work: Work) -> dict[str, Any]:
    """What will be billed."""
    sale: Sale = work.record
    return {"tariff_bob": sale.tariff_bob, "installation_bob": sale.installation_bob, "plan": sale.plan}


STEPS = (
    Step(
        handler="sales.enrol_recurring",
        form=EnrolForm,
        complete=complete,
        template="sales/steps/enrol_recurring.html",
        context=context,
    ),
)
