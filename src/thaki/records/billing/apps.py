"""Django application `billing`."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Commercial records: billing."""

    name = "thaki.records.billing"
    label = "billing"

    def ready(self) -> None:
        """Invoices follow the name of their agency: its queues and its archive are found by it."""
        from thaki.people import agencies
        from thaki.records.billing.models import Invoice

        agencies.on_rename(lambda before, after: Invoice.objects.filter(agency=before).update(agency=after))
