"""Files that a step receives or shows: kept with the case's documents."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from thaki.cases.models import CaseDocument
from thaki.cases.operations import attach_within
from thaki.cases.registry import StepRefused, Work
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.reasons import RuleError


def keep(work: Work, files: Iterable[UploadedFile], *, kind: str, field: str) -> list[Document]:
    """Store uploads and put them with the case's documents; a file that is refused is told beside its field.

    The bytes lie under their hash, so a move that is repeated or rolled back leaves at most an orphan for the sweeper.
    """
    kept = []
    for file in files:
        try:
            document = documents.store(file, name=file.name or kind, kind=kind, by=work.by, now=work.now)
        except RuleError as refused:
            raise StepRefused({field: f"{file.name}: {refused}"}) from refused
        attach_within(work, document, kind)
        kept.append(document)
    return kept


def documents_of(work: Work, *kinds: str) -> list[Document]:
    """The case's documents of those kinds, the newest first."""
    rows = CaseDocument.objects.filter(case=work.case, kind__in=kinds).select_related("document")
    return [row.document for row in rows.order_by("-attached_at", "-id")]
