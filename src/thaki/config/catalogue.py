"""The English catalogue: what of the Spanish texts it has, and whether it is current and complete. A developers' tool.

    python -m thaki.config.catalogue update     takes new texts in, drops the unused, compiles
    python -m thaki.config.catalogue missing    prints what has no English yet
    python -m thaki.config.catalogue check      exit 1 unless it is current, complete, consistent and compiled

GNU gettext is not needed: Python's texts are found in the syntax tree, the templates' by Django's own `templatize`, which
writes the calls that a template amounts to; polib reads and writes the files.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Which arguments of a call are its context, its text and its plural.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Key = tuple[str, str, str]  # context, text, plural


@dataclass
class Found:
    """A text and the files that say it."""

    files: set[str] = field(default_factory=set)


def python_texts(source: str) -> Iterator[Key]:
    """The marked texts of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            literals = [
                a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args
            ]
            yield from _key(name, literals)


def template_texts(source: str) -> Iterator[Key]:
    """The marked texts of a template."""
    for match in TEMPLATE_CALL.finditer(templatize(source)):
        yield from _key(match[1], list(ast.literal_eval(f"({match[2]},)")))


def _key(name: str, literals: list[str | None]) -> Iterator[Key]:
    if name not in CALLS:
        return
    values = ["" if place is None else _at(literals, place) for place in CALLS[name]]
    # A name or an expression instead of a text (a variable's translation) cannot be extracted, and need not be.
    if all(value is not None for value in values) and values[1]:
        yield str(values[0]), str(values[1]), str(values[2])


def _at(literals: list[str | None], place: int) -> str | None:
    return literals[place] if place < len(literals) else None


def texts(root: Path = ROOT) -> dict[Key, Found]:
    """Every marked text of the package, in a stable order."""
    found: dict[Key, Found] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "static" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        read = python_texts if path.suffix == ".py" else template_texts
        for key in read(path.read_text()):
            found.setdefault(key, Found()).files.add(path.relative_to(root).as_posix())
    return found


def catalogue() -> polib.POFile:
    """The catalogue as committed; an empty one when there is none yet."""
    if PO.exists():
        return polib.pofile(str(PO), wrapwidth=100)
    return polib.POFile(wrapwidth=100)


def update() -> polib.POFile:
    """The catalogue with exactly the texts that the package has; what was translated stays translated."""
    known = {_entry_key(entry): entry for entry in catalogue()}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for key, found in texts().items():
        fresh.append(_entry(key, known.get(key), found))
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    fresh.save_as_mofile(str(PO.with_suffix(".mo")))
    return fresh


def _entry(key: Key, old: polib.POEntry | None, found: Found) -> polib.POEntry:
    context, text, plural = key
    entry = polib.POEntry(msgid=text, msgctxt=context or None, occurrences=[(name, "") for name in sorted(found.files)])
    entry.msgstr = old.msgstr if old and not plural else ""
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = dict(old.msgstr_plural) if old else {0: "", 1: ""}
    return entry


def _entry_key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def missing(entries: polib.POFile) -> list[polib.POEntry]:
    """The entries without English."""
    return [e for e in entries if not (all(e.msgstr_plural.values()) if e.msgid_plural else e.msgstr)]


def inconsistent(entries: polib.POFile) -> list[polib.POEntry]:
    """The entries whose English has other placeholders than the Spanish: they would fail when shown."""
    return [e for e in entries if any(_placeholders(said) != _placeholders(asked) for asked, said in _pairs(e) if said)]


def _pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    if entry.msgid_plural:
        # The singular may leave the number out ("one day"), so only the plural is held to its own.
        return [(entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    return [(entry.msgid, entry.msgstr)]


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def problems() -> list[str]:
    """Why the committed catalogue may not stay as it is; empty when it may."""
    entries = catalogue()
    wanted, present = set(texts()), {_entry_key(entry) for entry in entries}
    told = [f"not in the catalogue: {key[1]!r}" for key in sorted(wanted - present)]
    told += [f"no longer used: {key[1]!r}" for key in sorted(present - wanted)]
    told += [f"without English: {entry.msgid!r}" for entry in missing(entries)]
    told += [f"other placeholders: {entry.msgid!r}" for entry in inconsistent(entries)]
    return told if _compiled(entries) else [*told, "django.mo is not what django.po compiles to: run update"]


def _compiled(entries: polib.POFile) -> bool:
    path = PO.with_suffix(".mo")
    if not path.exists():
        return False
    said = {_entry_key(e): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(path))}
    return said == {_entry_key(e): (e.msgstr, e.msgstr_plural) for e in entries if e not in missing(entries)}


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    if arguments == ["update"]:
        entries = update()
        print(f"{len(entries)} texts, {len(missing(entries))} without English: {PO}")
        return 0
    if arguments == ["missing"]:
        print("\n".join(repr(entry.msgid) for entry in missing(catalogue())))
        return 0
    if arguments == ["check"]:
        told = problems()
        print("\n".join(told) or "catalogue: current, complete and compiled")
        return 1 if told else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
