"""Django application `reporting`."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """KPI formulas, PDF and XLSX rendering, frozen reports."""

    name = "thaki.reporting"
    label = "reporting"
