"""Django application `email_channel`."""

from django.apps import AppConfig


class EmailChannelConfig(AppConfig):
    """E-mail."""

    name = "thaki.channels.email"
    label = "email_channel"

    def ready(self) -> None:
        """Say who sends mails."""
        from thaki.channels.email import outbox
        from thaki.channels.email import post as _post  # noqa: F401 - its task registers itself

        outbox.register()
