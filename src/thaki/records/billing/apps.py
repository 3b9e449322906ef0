"""Django application `billing`."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Commercial records: billing."""

    name = "thaki.records.billing"
    label = "billing"
