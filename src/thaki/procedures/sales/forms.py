"""What the forms of the steps have in common: the house's, and the sale at hand."""

from __future__ import annotations

from thaki.cases import forms as house
from thaki.cases.forms import (
    MailField,
    NameField,
    PhoneField,
    RuledField,
    choice_field,
    mail_field,
    moment_field,
    name_field,
    phone_field,
    text_area,
    with_known,
)
from thaki.procedures.sales.models import Sale

__all__ = [
    "MAX_MBPS",
    "MailField",
    "NameField",
    "PhoneField",
    "RuledField",
    "StepForm",
    "choice_field",
    "mail_field",
    "moment_field",
    "name_field",
    "phone_field",
    "text_area",
    "with_known",
]

MAX_MBPS = 10_000  # no speed that is asked for or confirmed is greater


class StepForm(house.StepForm):
    """A step's form of a sale."""

    @property
    def sale(self) -> Sale:
        """The sale that is worked on."""
        sale: Sale = self.work.record
        return sale
