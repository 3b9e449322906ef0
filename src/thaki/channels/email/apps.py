"""Django application `email_channel`."""

from django.apps import AppConfig


class EmailChannelConfig(AppConfig):
    """E-mail."""

    name = "thaki.channels.email"
    label = "email_channel"
