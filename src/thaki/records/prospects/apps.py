"""Django application `prospects`."""

from django.apps import AppConfig


class ProspectsConfig(AppConfig):
    """Commercial records: prospects."""

    name = "thaki.records.prospects"
    label = "prospects"
