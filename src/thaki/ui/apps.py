"""Django application `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, template tags, formats and icons: what every page is made of."""

    name = "thaki.ui"
    label = "ui"
