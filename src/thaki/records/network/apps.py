"""Django application `network`."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Commercial records: network."""

    name = "thaki.records.network"
    label = "network"
