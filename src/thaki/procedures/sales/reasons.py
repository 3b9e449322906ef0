"""Structured reasons of the requests that are not served (GVD step 19)."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class UnservedReason(StrEnum):
    """Why a request arrives at GVD step 19."""

    NO_CAPACITY = "no_capacity"  # 7
    OFFER_REFUSED = "offer_refused"  # 8
    NO_ANSWER = "no_answer"  # five attempts (R-A9)
    NO_SIGN = "no_sign"  # fifteen days (R-A9)
    NOT_INTERESTED = "not_interested"
    FALSE_DATA = "false_data"
    WITHDREW = "withdrew"  # R-A7
    COVERAGE_REACHED = "coverage_reached"  # a proposal (R-A3)


UNSERVED_LABELS = {
    UnservedReason.NO_CAPACITY: _("Sin capacidad técnica"),
    UnservedReason.OFFER_REFUSED: _("No aceptó la Oferta Comercial"),
    UnservedReason.NO_ANSWER: _("No contesta"),
    UnservedReason.NO_SIGN: _("Sin señales del cliente"),
    UnservedReason.NOT_INTERESTED: _("No está interesado"),
    UnservedReason.FALSE_DATA: _("Datos falsos"),
    UnservedReason.WITHDREW: _("El cliente desistió"),
    UnservedReason.COVERAGE_REACHED: _("La cobertura llegó a su zona"),
}
