"""The guide for users calls things what the screens call them: every word that it marks is a text of the program."""

import re
from pathlib import Path

import pytest
from tests.docs.test_documents import FENCE, GUIDE, ROOT

from thaki.config.catalogue import texts
from thaki.people.demo import PEOPLE

GUIDES = sorted([*(ROOT / "docs" / "tutorial").glob("*.md"), *GUIDE.glob("*.md")])
MARKED = re.compile(r"\*\*([^*\n]+)\*\*|(?<![*\w])\*([^*\n]+)\*")
NUMBERS = re.compile(r"(Paso )?\d[\d a.]*")  # signed steps
# Names of data: the demo's plans and agencies, a department of the identity card, the procedure itself, a heading with a number.
DATA = {"Fibra Hogar 60", "Agencia Central", "Cochabamba", "Gestión de Ventas Digitales", "Su solicitud GVD-…"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_it_uses_the_words_of_the_screens(guide: Path) -> None:
    said = {text.lower().rstrip(".:") for _context, text, _plural in texts()} | {person.login for person in PEOPLE}
    said |= {word.lower() for word in DATA}
    marked = MARKED.findall(FENCE.sub("", guide.read_text()))
    words = [(strong or weak).strip() for strong, weak in marked]
    assert len(words) > 2
    assert [word for word in words if word.lower().rstrip(".:") not in said and not NUMBERS.match(word)] == []
