"""Django application `work_orders`."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """Commercial records: work orders and what a visit leaves."""

    name = "thaki.records.work_orders"
    label = "work_orders"
