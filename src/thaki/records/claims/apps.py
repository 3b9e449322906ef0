"""Django application `claims`."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Commercial records: claims."""

    name = "thaki.records.claims"
    label = "claims"
