"""What the documents tell a reader to do can be done: links lead somewhere, commands exist, and the cheap ones are run.

A command is a line `$ ./thaki …` in a fence marked `console`; what stands under it without `$` is what it prints.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.docs.test_reference_pages import options

from thaki.config.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "src/thaki/web/help/texts"  # what people read under /ayuda/
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *GUIDE.glob("*.md")])
LINK = re.compile(r"(?<!`)\[[^\]\n]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
# These need neither a database nor time; what they print is compared with what the document says.
CHEAP = {"check"}


class Command(NamedTuple):
    """A command of a document, and what the document says it prints."""

    document: str
    words: list[str]
    prints: str


def commands() -> list[Command]:
    """Every command of every document."""
    found = []
    for document in DOCUMENTS:
        for language, body in FENCE.findall(document.read_text()):
            if language == "console":
                found += _commands(document, body)
    return found


def _commands(document: Path, body: str) -> list[Command]:
    said = re.split(r"^\$ ", body.replace("\\\n", " "), flags=re.M)[1:]
    found = []
    for block in said:
        line, _, prints = block.partition("\n")
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):  # VARIABLE=value before the command
            words.pop(0)
        if words and words[0] == "./thaki":
            found.append(Command(document.relative_to(ROOT).as_posix(), words[1:], prints.strip()))
    return found


def name(command: Command) -> str:
    """For the listing of tests."""
    return f"{command.document}: {' '.join(command.words)}"


def anchors(document: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text()), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_its_links_lead_somewhere(document: Path) -> None:
    lost = []
    for target in LINK.findall(FENCE.sub("", document.read_text())):
        if re.match(r"\w+:", target):  # another site: tests talk to nobody
            continue
        place, _, anchor = target.partition("#")
        path = (document.parent / place).resolve() if place else document
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            lost.append(target)
    assert lost == []


def test_every_document_is_reached_from_the_index() -> None:
    seen, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in seen or not document.exists():
            continue
        seen.add(document)
        targets = [target.partition("#")[0] for target in LINK.findall(document.read_text()) if "://" not in target]
        waiting += [(document.parent / target).resolve() for target in targets if target.endswith(".md")]
    assert {path for path in DOCUMENTS if path.parent != ROOT} - seen == set()


def test_there_are_commands_to_hold_the_documents_to() -> None:
    assert len(commands()) > 10


@pytest.mark.parametrize("command", commands(), ids=name)
def test_its_command_exists_with_its_options(command: Command) -> None:
    if not command.words or command.words[0] in ("-h", "--help"):
        return
    verb, *rest = command.words
    assert verb in COMMANDS
    if verb not in ("test", "manage", "bench"):  # these hand everything on
        said = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert said - {"--help"} <= options(verb)
    if verb == "bench" and rest:
        assert (ROOT / "bench" / f"{rest[0]}.py").exists()
    for word in rest:
        if word.startswith(("src/", "tests/", "bench/", "docs/")):
            assert (ROOT / word.partition("::")[0]).exists(), word


@pytest.mark.parametrize("command", [c for c in commands() if c.words and c.words[0] in CHEAP], ids=name)
def test_its_command_prints_what_is_said(command: Command) -> None:
    if not all((ROOT / word).exists() for word in command.words[1:]):
        return  # a file of the reader's own
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    run = subprocess.run(
        [sys.executable, "-m", "thaki", *command.words],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert command.prints in run.stdout + run.stderr
    assert run.returncode == 0


SCENARIOS = [
    (document.relative_to(ROOT).as_posix(), body)
    for document in DOCUMENTS
    for language, body in FENCE.findall(document.read_text())
    if language == "yaml" and "procedure:" in body
]


@pytest.mark.parametrize(("document", "text"), SCENARIOS, ids=[document for document, _text in SCENARIOS])
def test_its_scenario_can_be_read(document: str, text: str) -> None:
    from thaki.cases.rehearsal.scenario import parse

    assert parse(text, document).items
