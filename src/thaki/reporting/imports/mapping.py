"""Which column is which field: proposed by how the headings read. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

from rapidfuzz import fuzz

from thaki.records.text import fold

LIKE = 82  # of 100: what reads less alike is no proposal


class Named(Protocol):
    """A field as this module sees it."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> object: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


def signature(header: Sequence[str]) -> str:
    """The same for files whose columns have the same headings in the same order."""
    return hashlib.sha256("\x1f".join(fold(h) for h in header).encode()).hexdigest()


def likeness(heading: str, names: Sequence[str]) -> float:
    """How alike a heading is to the best of some names, 0 to 100; the very same words in any order are 100."""
    said = fold(heading)
    if not said:
        return 0.0
    return max((fuzz.token_sort_ratio(said, fold(name)) for name in names), default=0.0)


def propose(header: Sequence[str], fields: Sequence[Named]) -> dict[str, int]:
    """Column by field code: the most alike pairs first, each column and each field once."""
    pairs = [
        (likeness(heading, (str(field.label), field.code, *field.aliases)), -column, field.code)
        for column, heading in enumerate(header)
        for field in fields
    ]
    found: dict[str, int] = {}
    for score, column, code in sorted(pairs, reverse=True):
        if score >= LIKE and code not in found and -column not in found.values():
            found[code] = -column
    return found


def fitting(mapping: Mapping[str, int], header: Sequence[str], fields: Sequence[Named]) -> dict[str, int]:
    """What of a mapping still stands: fields that exist, columns that the file has, none twice."""
    known = {field.code for field in fields}
    found: dict[str, int] = {}
    for code, column in mapping.items():
        if code in known and 0 <= column < len(header) and column not in found.values():
            found[code] = column
    return found


def row_values(cells: Sequence[str], mapping: Mapping[str, int], fields: Sequence[Named]) -> dict[str, str]:
    """A row by field code; "" where the file has no column or the row ends before it."""
    return {f.code: cells[c] if (c := mapping.get(f.code, -1)) >= 0 and c < len(cells) else "" for f in fields}
