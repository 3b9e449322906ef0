"""Django application `config`: the composition root."""

from django.apps import AppConfig


class RootConfig(AppConfig):
    """Health, metrics and the demo's mail catcher."""

    name = "thaki.config"
    label = "config"
