"""Django application `payments`."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Port to the electronic payment provider."""

    name = "thaki.integrations.payments"
    label = "payments"
