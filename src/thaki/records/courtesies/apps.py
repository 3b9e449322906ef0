"""Django application `courtesies`."""

from django.apps import AppConfig


class CourtesiesConfig(AppConfig):
    """Commercial records: courtesies without cost."""

    name = "thaki.records.courtesies"
    label = "courtesies"
