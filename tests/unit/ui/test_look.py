"""The look holds: contrast, icons, vendored files, the first page's weight, no scripts in templates."""

import gzip
import itertools
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from thaki.ui import icons, vendor

SOURCE = Path(vendor.__file__).parents[1]
STATIC = Path(vendor.__file__).parent / "static"
TOKENS = (STATIC / "ui" / "tokens.css").read_text()
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def palette(theme: str) -> dict[str, str]:
    """The colours of a theme, by name."""
    block = re.search(rf'\[data-bs-theme="{theme}"\] \{{(.*?)\n\}}', TOKENS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--tk-([\w-]+): (#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("ground", "surface", "raised", "sunken", "side")
TONES = ("neutral", "info", "good", "warn", "bad", "wait")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_reads_on_every_ground(theme: str) -> None:
    colours = palette(theme)
    pairs = [*itertools.product(("text", "muted", "primary", "primary-strong"), GROUNDS), ("on-primary", "primary")]
    pairs += [(tone, f"{tone}-soft") for tone in TONES] + [(tone, "surface") for tone in TONES]
    pairs += [("text", f"{tone}-soft") for tone in TONES]
    weak = {
        p: round(contrast(colours[p[0]], colours[p[1]]), 2)
        for p in pairs
        if contrast(colours[p[0]], colours[p[1]]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_fields_and_focus_are_seen(theme: str) -> None:
    colours = palette(theme)
    pairs = itertools.product(("line-strong", "focus"), GROUNDS)
    weak = {
        p: round(contrast(colours[p[0]], colours[p[1]]), 2) for p in pairs if contrast(colours[p[0]], colours[p[1]]) < 3
    }
    assert weak == {}


def test_vendored_files_are_as_the_manifest_says() -> None:
    assert vendor.problems() == []


def test_a_changed_vendored_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "MANIFEST.json").write_text('{"libraries": [{"folder": "a-1", "files": {"x.js": "00", "y.js": "00"}}]}')
    (tmp_path / "a-1").mkdir()
    (tmp_path / "a-1" / "x.js").write_text("changed")
    (tmp_path / "a-1" / "z.js").write_text("nobody knows")
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", tmp_path / "MANIFEST.json")
    assert vendor.problems() == ["missing: a-1/y.js", "not in the manifest: a-1/z.js", "changed: a-1/x.js"]


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (STATIC / "ui" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    assert known == set(icons.NAMES)
    named = {
        name for path in TEMPLATES for name in re.findall(r'(?:\{% icon |shape=)"([a-z][\w-]*)"', path.read_text())
    }
    assert named - known == set()


def test_first_load_is_within_its_budget() -> None:
    """A page without chart, map or diagram: 250 KB gzipped with 40 KB kept for the page itself."""
    base = (SOURCE / "ui" / "templates" / "ui" / "base.html").read_text()
    files = [STATIC / vendor.path_of(name) for name in re.findall(r'\{% vendored "([^"]+)" %\}', base)]
    files += [STATIC / name for name in re.findall(r'\{% static "([^"]+)" %\}', base)] + [STATIC / "ui" / "icons.svg"]
    weight = sum(len(f.read_bytes() if f.suffix == ".woff2" else gzip.compress(f.read_bytes())) for f in files)
    assert weight < 210 * 1024


def test_no_template_brings_a_script_or_a_handler_of_its_own() -> None:
    script = re.compile(r"<script(?![^>]*(\bsrc=|application/json))|\son\w+=[\"']|javascript:", re.IGNORECASE)
    guilty = [str(path.relative_to(SOURCE)) for path in TEMPLATES if script.search(path.read_text())]
    assert guilty == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    outside = re.compile(r'(?:src|href)="(?:https?:)?//(?!\{)')
    guilty = [
        str(path.relative_to(SOURCE))
        for path in TEMPLATES
        for line in path.read_text().splitlines()
        if outside.search(line) and "<a " not in line
    ]
    assert guilty == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_template_can_be_read(path: Path) -> None:
    """A tag mistyped is told here, not by the first person who opens the page."""
    name = path.relative_to(next(parent for parent in path.parents if parent.name == "templates")).as_posix()
    get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_nothing_below_web_builds_on_a_template_of_web(path: Path) -> None:
    if SOURCE / "web" in path.parents:
        return
    assert re.findall(r'\{% (?:extends|include) "web/', path.read_text()) == []
