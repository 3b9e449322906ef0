"""Names as keys: for sorting, for searching and for finding people whose names are nearly the same. Pure.

PostgreSQL is used with its core only (no ICU, no `unaccent`, no `pg_trgm`): keys are worked out here and stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

# Sounds that are not told apart here, or that people write either way: "Quispe/Kispe", "Veizaga/Beizaga", "Yucra/Llucra".
_SOUNDS: tuple[tuple[str, str], ...] = (
    ("qu", "k"),
    ("ll", "y"),
    ("ch", "x"),
    ("ce", "se"),
    ("ci", "si"),
    ("ge", "je"),
    ("gi", "ji"),
    ("gue", "ge"),
    ("gui", "gi"),
    ("h", ""),
    ("v", "b"),
    ("w", "u"),
    ("z", "s"),
    ("c", "k"),
    ("y", "i"),
)
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "san", "srl", "sa"})
_ORDINALS = str.maketrans("ºª°", "   ")  # "Nº" and "N°" are the same
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text without doubled or outer blanks, in composed Unicode; case and accents stay as typed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


@lru_cache(maxsize=20_000)  # who is compared with many is folded once
def fold(text: str) -> str:
    """Lower case without accents, ñ as n, everything but letters and digits as one blank: what people type when they search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_ORDINALS))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()


def sort_key(text: str) -> str:
    """A key that sorts by bytes as a Spanish reader expects: accents do not count, ñ comes after n."""
    marked = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n~")
    decomposed = unicodedata.normalize("NFKD", marked)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9~]+", " ", bare).strip()


def trigrams(text: str) -> list[str]:
    """The three-letter pieces of each folded word, its beginning marked by two blanks (as pg_trgm does, without the end mark).

    Without the end mark the trigrams of a half-typed word are all among those of the whole word, which is what search needs.
    """
    pieces: set[str] = set()
    for word in fold(text).split():
        padded = f"  {word}"
        pieces.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return sorted(pieces)


@lru_cache(maxsize=20_000)  # surnames come again and again
def sound(word: str) -> str:
    """A folded word as it sounds here, so that common misspellings meet; letters written twice count once."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)


def sounds(name: str) -> list[str]:
    """The distinct sounding words of a name, in alphabetical order, particles left out."""
    return heard(fold(name))


def heard(folded: str) -> list[str]:
    """`sounds` of a name already folded."""
    return sorted({sound(w) for w in folded.split() if w not in _PARTICLES and len(w) > 1})


def name_keys(name: str) -> list[str]:
    """Every pair and every three of a name's sounding words: two names that share one of these may be the same person's.

    A stored key is exact, so a GIN index finds the candidates in one probe a key however many customers there are; the
    candidates are then ranked by real similarity. At most the first six words count (20 + 15 keys).
    """
    words = sounds(name)[:6]
    return ["+".join(group) for size in (2, 3) for group in combinations(words, size)]


def strongest(keys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Name keys split into (those of three words, those of two): threes are asked first, as they match far fewer people."""
    listed = list(keys)
    return [k for k in listed if k.count("+") == 2], [k for k in listed if k.count("+") == 1]
