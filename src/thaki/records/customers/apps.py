"""Django application `customers`."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Commercial records: customers."""

    name = "thaki.records.customers"
    label = "customers"
