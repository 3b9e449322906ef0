"""Django application `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The engine's runtime in PostgreSQL."""

    name = "thaki.cases"
    label = "cases"
