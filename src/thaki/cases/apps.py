"""Django application `cases`."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The engine's runtime in PostgreSQL."""

    name = "thaki.cases"
    label = "cases"

    def ready(self) -> None:
        """Tell the worker its tasks, and the agencies that open tasks carry their names."""
        from thaki.cases import agencies

        import_module("thaki.cases.jobs")
        agencies.register()
