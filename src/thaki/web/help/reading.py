"""A page of the guide as HTML: Markdown without any HTML of its own, its pictures, its links and the keys that it names.

`` `n` `` is a key. The pictures lie among the static files, where the text's own relative path finds them too: the same text
reads well where the repository is browsed.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from PIL import Image

from thaki.web.help.pages import GuidePage

STATIC = "../../static/"  # where a text finds the room's static files


@dataclass(frozen=True, slots=True)
class Reading:
    """A page ready to be shown."""

    title: str
    parts: tuple[tuple[str, str], ...]  # (anchor, heading) of its second level
    body: SafeString


@lru_cache(maxsize=64)
def read(page: GuidePage) -> Reading:
    """The page's text; it is read once, as the program is."""
    return made(page.path.read_text(encoding="utf-8"))


def made(text: str) -> Reading:
    """A text as HTML."""
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}, renderer_cls=_Renderer).enable("table")
    tokens = markdown.parse(text)
    title, parts = "", []
    for opening, inline in itertools.pairwise(tokens):
        if opening.type != "heading_open":
            continue
        if opening.tag == "h1":
            title = inline.content
        elif opening.tag == "h2":
            opening.attrSet("id", anchor(inline.content))
            parts.append((anchor(inline.content), inline.content))
    html = markdown.renderer.render(_without_title(tokens), markdown.options, {})
    return Reading(title, tuple(parts), mark_safe(html))  # noqa: S308 - our own text, with HTML switched off


def anchor(heading: str) -> str:
    """The address of a heading within its page."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _without_title(tokens: Sequence[Token]) -> list[Token]:
    """The page's own header shows the first heading."""
    first = [n for n, token in enumerate(tokens) if token.tag == "h1"]
    return [token for n, token in enumerate(tokens) if not first or not first[0] <= n <= first[-1]]


class _Renderer(RendererHTML):
    """What of Markdown is shown in the house's way."""

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A key, or several."""
        return " ".join(str(format_html("<kbd>{}</kbd>", key)) for key in tokens[idx].content.split())

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A picture with its measures, so that the page does not jump; it is fetched when it comes near."""
        token = tokens[idx]
        name = str(token.attrGet("src") or "").removeprefix(STATIC)
        alt = self.renderInlineAsText(token.children or [], options, env)
        width, height = measures(name)
        html = '<a class="tk-guide__picture" href="{0}"><img src="{0}" alt="{1}" width="{2}" height="{3}" loading="lazy"></a>'
        return str(format_html(html, static(name), alt, width, height))

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Another page of the guide is an address of ours."""
        token = tokens[idx]
        target = str(token.attrGet("href") or "")
        slug, found, part = target.partition(".md")
        if found and "/" not in slug:
            token.attrSet("href", reverse("help_page", args=[slug]) + part)
        return str(self.renderToken(tokens, idx, options, env))

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """A table may be wider than a telephone."""
        return '<div class="tk-table-box tk-guide__table" tabindex="0"><table class="tk-table">\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """The end of its frame."""
        return "</table></div>\n"


@lru_cache(maxsize=128)
def measures(name: str) -> tuple[int, int]:
    """Width and height in pixels of a static picture."""
    found = finders.find(name)
    if not found:
        return 0, 0
    with Image.open(Path(str(found))) as picture:
        return picture.size
