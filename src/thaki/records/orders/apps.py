"""Django application `orders`."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Commercial records: orders."""

    name = "thaki.records.orders"
    label = "orders"
