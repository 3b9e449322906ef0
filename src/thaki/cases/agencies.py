"""Tasks carry the name of the agency that they belong to: an agency renamed keeps its queue."""

from thaki.cases.models import Task
from thaki.people import agencies


def register() -> None:
    """Follow the agencies' names; called when Django is ready."""
    agencies.on_rename(_rename)


def _rename(before: str, after: str) -> None:
    Task.objects.filter(agency=before, state=Task.State.OPEN).update(agency=after)
