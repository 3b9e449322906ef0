"""Django application `gis`."""

from django.apps import AppConfig


class GisConfig(AppConfig):
    """Port to the geographic inventory."""

    name = "thaki.integrations.gis"
    label = "gis"
