"""Django application `payments`."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Port to the electronic payment provider."""

    name = "thaki.integrations.payments"
    label = "payments"

    def ready(self) -> None:
        """Make the worker's tasks known."""
        from thaki.integrations.payments import jobs  # noqa: F401 - jobs register themselves
