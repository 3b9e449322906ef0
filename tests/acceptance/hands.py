"""The hands of an able person: what he presses to get a step done, counted.

He uses the key where there is one, leaves alone what is filled in already, goes to the next field with Tab and to a farther
one with the mouse. A chord (Ctrl+Enter) is one key, Tab is a key, a letter typed into a field is a character, choosing a
file is two clicks (the button, and the file in the system's own window). A page load is a document that the browser loads;
what htmx brings into a page is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

# How far a control stands from the focus, in presses of Tab: 0 has it, 1 is the next, 9 is far.
FAR = """control => {
  const group = one => one && one.type === 'radio' ? one.form.elements[one.name][0] || one : one;
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(
    one => one.offsetParent && !one.disabled && one.tabIndex >= 0 && getComputedStyle(one).visibility !== 'hidden');
  const list = [...new Set(stops.map(group))];
  const at = list.indexOf(group(document.activeElement));
  if (group(document.activeElement) === group(control)) return 0;
  return at >= 0 && list[at + 1] === group(control) ? 1 : 9;
}"""


@dataclass
class Count:
    """What one step took."""

    clicks: int = 0
    keys: int = 0
    characters: int = 0
    loads: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


@dataclass
class Tally:
    """The counts of a sale, by step, in the order in which the steps were done."""

    steps: dict[str, Count] = field(default_factory=dict)
    now: Count = field(default_factory=Count)  # where what is pressed counts; at first nowhere

    def begin(self, step: str) -> None:
        """From here on what is pressed belongs to this step."""
        self.now = self.steps.setdefault(step, Count())


class Hands:
    """Somebody at his page."""

    def __init__(self, page: Page, tally: Tally) -> None:
        self.page, self.tally = page, tally
        page.on("domcontentloaded", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.tally.now.loads += 1

    # ------------------------------------------------------------ single moves
    def key(self, *names: str) -> None:
        """Press keys."""
        for name in names:
            self.page.keyboard.press(name)
            self.tally.now.keys += 1

    def click(self, control: Locator) -> None:
        """Press the mouse's button."""
        control.click()
        self.tally.now.clicks += 1

    def reach(self, control: Locator) -> None:
        """Have the focus in a control."""
        far = int(control.evaluate(FAR))
        if far == 1:
            self.key("Tab")
        elif far and control.evaluate("one => one.tagName") == "SELECT":
            control.focus()  # a click opens the system's own list, which the letters then close
            self.tally.now.clicks += 1
        elif far:
            self.click(control)
        expect(control).to_be_focused()

    # ------------------------------------------------------------ what a form asks
    def fills(self, form: Locator, *chosen: str, **fields: Any) -> None:
        """Choose the radio buttons and boxes of these labels, then write into the fields of those."""
        for label in chosen:
            self.chooses(form.get_by_role("radio", name=label).or_(form.get_by_role("checkbox", name=label)).first)
        for label, value in fields.items():
            self.writes(form.get_by_label(re.compile(rf"^\s*{re.escape(label)}")), value)

    def chooses(self, box: Locator) -> None:
        """A radio button or a box; the space bar where the focus stands on it."""
        if box.is_checked():
            return
        if box.evaluate("box => box === document.activeElement"):
            self.key(" ")
        else:
            self.click(box)
        expect(box).to_be_checked()

    def writes(self, control: Locator, value: str | FilePayload) -> None:
        """Choose, attach or type, by what the control is, unless it says so already."""
        if isinstance(value, str):
            (self._picks if control.evaluate("one => one.tagName") == "SELECT" else self._types)(control, value)
        else:
            self.attaches(control, value)

    def attaches(self, control: Locator, file: FilePayload) -> None:
        """A file, from the system's window."""
        control.set_input_files(file)
        self.tally.now.clicks += 2

    def _types(self, control: Locator, text: str) -> None:
        if control.input_value() == text:
            return
        self.reach(control)
        if control.input_value():
            self.key("Control+a")
        self.page.keyboard.type(text)
        self.tally.now.characters += len(text)

    def _picks(self, control: Locator, label: str) -> None:
        """An option, by the letters that begin it alone."""
        options: Sequence[str] = control.evaluate("one => [...one.options].map(option => option.label)")
        if control.evaluate("one => one.selectedOptions[0] && one.selectedOptions[0].label") == label:
            return
        self.reach(control)
        letters = next(n for n in range(1, len(label) + 1) if sum(o.startswith(label[:n]) for o in options) == 1)
        self.page.keyboard.type(label[:letters])
        self.tally.now.characters += letters
        expect(control.locator("option:checked")).to_have_text(label)

    def sends(self) -> None:
        """The form, from wherever one is in it."""
        self.key("Control+Enter")
