"""Django application `cases`."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    """The engine's runtime in PostgreSQL."""

    name = "thaki.cases"
    label = "cases"

    def ready(self) -> None:
        """Tell the worker its tasks, the agencies that tasks carry their names, and the database which tables to watch."""
        from thaki.cases import agencies, leaving

        import_module("thaki.cases.jobs")
        agencies.register()
        leaving.register()
        import_module("thaki.cases.undoing")  # its policy
        remembering = import_module("thaki.cases.remembering")
        post_migrate.connect(remembering.install, dispatch_uid="thaki.cases.remembering")
