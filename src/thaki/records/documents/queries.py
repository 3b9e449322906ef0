"""What is asked about documents."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from thaki.records.documents.models import Document


def of_kind(document_ids: Iterable[int], kind: str) -> QuerySet[Document]:
    """Those of the documents that are of a kind, the latest first."""
    return Document.objects.filter(pk__in=list(document_ids), kind=kind).order_by("-created_at", "-id")
