"""Django application `offers`."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Commercial records: offers."""

    name = "thaki.records.offers"
    label = "offers"
