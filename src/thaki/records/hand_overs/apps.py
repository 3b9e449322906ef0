"""Django application `hand_overs`."""

from django.apps import AppConfig


class HandOversConfig(AppConfig):
    """Messages to neighbouring procedures."""

    name = "thaki.records.hand_overs"
    label = "hand_overs"
