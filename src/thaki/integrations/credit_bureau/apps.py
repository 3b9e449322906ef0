"""Django application `credit_bureau`."""

from django.apps import AppConfig


class CreditBureauConfig(AppConfig):
    """The Central de Riesgos: a list of one's own, or a bureau's service."""

    name = "thaki.integrations.credit_bureau"
    label = "credit_bureau"
