"""Django application `courtesies`."""

from django.apps import AppConfig


class CourtesiesConfig(AppConfig):
    """Commercial records: courtesies without cost."""

    name = "thaki.records.courtesies"
    label = "courtesies"

    def ready(self) -> None:
        """A courtesy ends with its service."""
        from thaki.records.courtesies.operations import end_with_service
        from thaki.records.customers import changes

        changes.listen(end_with_service)
