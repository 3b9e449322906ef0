"""Reference pages say what the program says."""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tests.docs.reference import FOLDER, PAGES

from thaki.config.cli import COMMANDS

ROOT = FOLDER.parents[1]
ASKING = {"get", "getenv", "flag", "words"}


@pytest.mark.parametrize("name", PAGES)
def test_a_made_page_is_what_the_program_makes(name: str) -> None:
    make: Callable[[], str] = PAGES[name]
    assert (FOLDER / name).read_text() == make(), "write it again: PYTHONPATH=src:. python -m tests.docs.reference"


def variables() -> set[str]:
    """Every THAKI_… that the code asks the environment for."""
    found = set(re.findall(r"\$\{?(THAKI_[A-Z_]+)", (ROOT / "thaki").read_text()))
    for path in (ROOT / "src").rglob("*.py"):
        found |= _asked(ast.parse(path.read_text()))
    return found


def _asked(tree: ast.AST) -> set[str]:
    """The names in `os.environ.get("THAKI_…")`, `env.flag("THAKI_…")` and the like; not in `getattr(settings, …)`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    asked = [call.args[0] for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in ASKING]
    names = {node.value for node in asked if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {name for name in names if name.startswith("THAKI_")}


# Set by our own commands for their children, or for our own tests and tools only.
INTERNAL = {"THAKI_STATIC", "THAKI_MODELS"}


def test_every_environment_variable_is_in_the_settings_page() -> None:
    told = set(re.findall(r"THAKI_[A-Z_]+", (FOLDER / "settings.md").read_text()))
    assert variables() - INTERNAL - told == set()


def options(command: str) -> set[str]:
    """The long options of a command, by its own parser."""
    if command == "rehearse":
        from thaki.cases.rehearsal import cli

        parser = cli._parser()
    else:
        module = import_module(f"thaki.config.cli.{COMMANDS[command][0]}")
        parser = ArgumentParser()
        if hasattr(module, "arguments"):
            module.arguments(parser, command)
    return {option for option in parser._option_string_actions if option.startswith("--")} - {"--help"}


def sections(page: Path) -> Iterator[tuple[str, str]]:
    """(command, text) of the page's second-level sections."""
    for part in re.split(r"^## ", page.read_text(), flags=re.M)[1:]:
        head, _, text = part.partition("\n")
        yield head.strip("` ").split()[0], text


def test_the_command_line_page_has_each_command_with_its_options() -> None:
    told = dict(sections(FOLDER / "command-line.md"))
    assert set(told) == set(COMMANDS)
    for command in COMMANDS:
        assert set(re.findall(r"`(--[a-z-]+)", told[command])) == options(command), command


def test_the_glossary_names_what_is_in_the_code() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py")) + "sales_report"
    cells = [line.split("|")[3] for line in (FOLDER / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    names = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    assert len(names) > 50
    lost = [name for name in names if not re.search(rf"\b{re.escape(re.split('[.:]', name)[-1])}\b", code)]
    assert [name for name in lost if not _is_module(name)] == []


def _is_module(name: str) -> bool:
    path = ROOT / "src" / "thaki" / Path(*name.removeprefix("thaki.").split("."))
    return path.exists() or path.with_suffix(".py").exists()
