"""Django application `website`."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """The public web page and the customer's link."""

    name = "thaki.channels.website"
    label = "website"

    def ready(self) -> None:
        """Declare its policies."""
        from thaki.channels.website import policies

        policies.define_all()
