"""Django application `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Staff screens."""

    name = "thaki.web"
    label = "web"
