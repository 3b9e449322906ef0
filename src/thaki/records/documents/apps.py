"""Django application `documents`."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Commercial records: documents."""

    name = "thaki.records.documents"
    label = "documents"
