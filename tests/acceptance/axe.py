"""What every page is held to in a browser: axe-core's rules, no sideways scrolling, a language, one heading, no complaint.

A page is looked at twice: as on a desk (1440 px, light) by every rule; then dark and on a telephone of 360 px by the rules that
colour and size can break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Response

DESK = {"width": 1440, "height": 900}
TELEPHONE = {"width": 360, "height": 4000}  # as long as a page, so that the bars at its bottom cover nothing
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
LOOKS = ("color-contrast", "target-size")
# Nothing moves, so that a look just changed is there at the next frame.
STILL = """addEventListener("DOMContentLoaded", () => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
    document.adoptedStyleSheets = [still];
});"""
SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text() + STILL
# What comes after the page: parts that load by themselves, maps and diagrams.
SETTLED = """() => document.readyState === "complete" && !document.querySelector(".tk-loading, .htmx-request")
    && ![...document.querySelectorAll('[hx-trigger="load"][hx-swap="outerHTML"]')].some(e => e.checkVisibility())
    && (document.querySelector("h1") || performance.now() > 3000)"""
RUN = """async wanted => (await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
    await axe.run(document, {...wanted, resultTypes: ["violations"], preload: false, elementRef: false}))
    .violations.map(({id, help, nodes: [first, ...more]}) =>
        `${id}: ${first.target.join(" ")} and ${more.length} more — ${first.any[0]?.message ?? help}`)"""
FRAME = """() => ({lang: document.documentElement.lang, title: document.title,
    headings: [...document.querySelectorAll("h1")].filter(h => h.checkVisibility()).length})"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE_MS = 20_000


@dataclass
class Looked:
    """What one page was found to be."""

    title: str = ""
    landed: str = ""  # the path at which the browser ended
    complaints: list[str] = field(default_factory=list)


def prepare(page: Page) -> None:
    """Have the rules in every page that opens from now on."""
    page.add_init_script(SCRIPT)
    page.set_default_timeout(PATIENCE_MS)


def look(page: Page, address: str, status: int = 200) -> Looked:
    """Open an address and say everything that is wrong with it. What only takes POST is no page: nothing is wrong with it."""
    found = Looked()
    heard = _Heard(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # two whole numbers
    try:
        answer = page.goto(address)
    except Error as empty:  # what only takes POST answers 405, and says nothing
        heard.taken()
        told = page.context.request.get(address).status
        return found if told == 405 else Looked(complaints=[f"{told}: {empty}"])
    if answer is not None and answer.status == 405:  # the API's says so in JSON
        heard.taken()
        return found
    found.landed = urlsplit(page.url).path
    page.wait_for_function(SETTLED)
    found.complaints += [*_frame(page, answer, found, status), *_rules(page, {"runOnly": list(TAGS)})]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    found.complaints += [f"dark, 360 px: {each}" for each in _rules(page, {"runOnly": list(LOOKS)})]
    if wider := page.evaluate(WIDER):
        found.complaints.append(f"360 px: {wider} px wider than the screen")
    found.complaints += heard.taken()
    return found


def _frame(page: Page, answer: Response | None, found: Looked, status: int) -> Iterator[str]:
    if answer is None or answer.status != status:
        yield f"answered {answer and answer.status}"
    frame: dict[str, Any] = page.evaluate(FRAME)
    found.title = frame["title"]
    if frame["lang"] != "es":
        yield f"language: {frame['lang']!r}"
    if frame["headings"] != 1:
        yield f"{frame['headings']} headings of level 1"


def _rules(page: Page, wanted: dict[str, Any]) -> list[str]:
    broken: list[str] = page.evaluate(RUN, wanted)
    return broken


class _Heard:
    """What the page complained of in the browser's console: scripts that broke, and what its own policy forbids."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.words: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.words.append(f"console: {message.text}")

    def _error(self, error: Exception) -> None:
        self.words.append(f"script: {error}")

    def taken(self) -> list[str]:
        """Stop listening; what was heard."""
        self.page.remove_listener("console", self._console)
        self.page.remove_listener("pageerror", self._error)
        return self.words
