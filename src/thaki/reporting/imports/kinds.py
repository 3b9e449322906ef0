"""What a room says of the files that it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.forms import Form
    from django.utils.functional import _StrPromise

    from thaki.people.models import User


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row may say."""

    code: str
    label: str | _StrPromise
    required: bool = False  # a column must be named for it
    aliases: tuple[str, ...] = ()  # other headings by which files call it
    help: str | _StrPromise = ""
    example: str = ""  # in the template that people download


@dataclass(frozen=True, slots=True)
class Row:
    """A row that passed `validate`."""

    number: int  # the line in the file, as a person counts: the heading is 1
    values: Any  # what `validate` returned


@dataclass(frozen=True, slots=True)
class Batch:
    """In what import, by whom and when rows are applied."""

    import_id: int
    by: User | None
    now: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row."""

    note: str = ""  # entered, and people should know this of it
    refused: str = ""  # why it was not entered


class RowErrors(Exception):
    """A row is refused: sentences by the code of the field, "" for the whole row."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


Validate = Callable[[dict[str, str], Mapping[str, str]], Any]
Apply = Callable[[Sequence[Row], Batch], Sequence[Outcome]]
Foresee = Callable[[Sequence[Row], Batch], Sequence[str]]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of file: its fields, its rules and who may bring it."""

    code: str
    title: str | _StrPromise
    fields: tuple[Field, ...]
    validate: Validate
    apply: Apply
    roles: frozenset[str]
    help: str | _StrPromise = ""  # what the file should be, for the page that takes it
    back: str = ""  # the name of the address to which people return, "" for the list of imports
    foresee: Foresee | None = None
    form: type[Form] | None = None
    finished: Callable[[Batch], None] | None = None
    differences: str = ""  # the name of an address that takes an import's id and shows what all of its rows would do
    one_of: tuple[tuple[str, ...], ...] = ()  # of each group at least one field must have a column
    batch: int = 200  # rows a transaction

    def field(self, code: str) -> Field:
        """The field of that code; KeyError when it has none."""
        return next(f for f in self.fields if f.code == code)


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Add a kind; called from a room's AppConfig.ready."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> ImportKind | None:
    """The kind of that code, if a room registered it."""
    return _kinds.get(code)


def kinds_for(user: User) -> list[ImportKind]:
    """The kinds that the person may bring, by title."""
    return sorted((k for k in _kinds.values() if k.roles.intersection(user.roles)), key=lambda k: str(k.title))
