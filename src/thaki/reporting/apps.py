"""Django application `reporting`."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """KPI formulas, PDF and XLSX rendering, frozen reports, imports of files."""

    name = "thaki.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Tell the worker its task, and how an import's states are shown."""
        from thaki.ui import states
        from thaki.ui.states import State, Tone

        import_module("thaki.reporting.imports.jobs")
        states.define(
            "import",
            {
                "draft": State(_("Por confirmar"), Tone.WARN, "pencil"),
                "running": State(_("En curso"), Tone.INFO, "progress"),
                "done": State(_("Terminada"), Tone.GOOD),
                "stopped": State(_("Detenida"), Tone.NEUTRAL, "player-pause"),
                "failed": State(_("Interrumpida"), Tone.BAD),
            },
        )
