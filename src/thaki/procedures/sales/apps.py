"""Django application `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Gestión de Ventas Digitales."""

    name = "thaki.procedures.sales"
    label = "sales"
