"""Django application `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Commercial records: customers."""

    name = "thaki.records.customers"
    label = "customers"

    def ready(self) -> None:
        """Let reasons speak; done here as `customers` is the first of the records."""
        from thaki.records.messages import sentence
        from thaki.records.reasons import speak_with

        speak_with(sentence)
