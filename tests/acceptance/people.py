"""A person of the staff at a browser: signs in, finds a task in Mi trabajo, takes it, fills its form, completes it."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PASSWORD = "thaki-demo"
SHOTS = os.environ.get("THAKI_SHOTS", "")  # a folder: every screen is photographed there, to be looked at
_numbers = itertools.count(1)
Answer = Mapping[str, Any]


def photograph(page: Page, name: str) -> None:
    """Keep what the screen shows, if somebody wants to see it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{next(_numbers):03}-{name}.png", full_page=True)


def signed_in(browser: Browser, url: str, login: str, cookies: dict[str, Any]) -> Person:
    """A person in a browser of his own; whoever has signed in before still is."""
    context = browser.new_context(
        base_url=url, locale="es-BO", viewport={"width": 1440, "height": 900}, storage_state=cookies.get(login)
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    if login not in cookies:
        page.goto("/cuenta/login/")
        page.get_by_label("Usuario o correo").fill(login)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Ingresar", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mi trabajo")
        cookies[login] = context.storage_state()
    return Person(page)


class Person:
    """What somebody does at his screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, step: str, customer: str, *, take: bool = True) -> None:
        """Have the step's form before one: it opened by itself, or it is found in Mi trabajo, and taken if nobody has it."""
        if not self.is_at(step, customer):
            self.find(step, customer).click()
            button = self.page.get_by_role("button", name="Tomar", exact=True)
            expect(self.form.or_(button).first).to_be_visible()
            if take and button.is_visible():
                button.click()
                expect(button).to_be_hidden()
        expect(self.form).to_be_visible()

    def is_at(self, step: str, customer: str) -> bool:
        """Whether that step's form is on the screen."""
        shown = self.page.get_by_role("heading", level=1).filter(has_text=customer)
        return self.form.is_visible() and shown.is_visible() and self.step_shown == step

    def find(self, step: str, customer: str) -> Locator:
        """The task in Mi trabajo, looked for by the customer's name; a step by its number, or by its name if it has none."""
        self.page.goto("/")
        self.page.get_by_label("Cliente o número").fill(customer)
        self.page.keyboard.press("Enter")
        rows = self.page.locator("tr").filter(has_text=customer)
        number = self.page.locator(".tk-step").get_by_text(step, exact=True)
        return (rows.filter(has=number) if step.isdecimal() else rows.filter(has_text=step)).get_by_role("link").first

    @property
    def step_shown(self) -> str:
        """The signed number of the step on the screen, or its name when it has none."""
        number = self.page.locator(".tk-step-number")
        return number.inner_text() if number.count() else self.page.locator("#step-title").inner_text()

    def paper(self, name: str) -> Locator:
        """The part of step 9 about one of the three papers."""
        return self.form.locator("fieldset").filter(has=self.page.locator("legend").filter(has_text=name))

    @property
    def form(self) -> Locator:
        """The form of the step."""
        return self.page.locator("form[data-draft-url]")

    def complete(self, button: str = "Completar el paso") -> None:
        """Press the button that ends the step."""
        photograph(self.page, f"step-{self.step_shown}")
        self.form.get_by_role("button", name=button).click()
        expect(self.page.locator(".tk-toast")).to_contain_text("quedó hecho")

    def ask_for(self, action: str) -> Locator:
        """Open one of the case's actions; its form."""
        self.page.get_by_role("link", name=action).click()
        return self.page.locator("#tk-ask form")


def fill(form: Locator, *ticked: str, **fields: Any) -> None:
    """Fill in a form as a person does: `ticked` are radio buttons and boxes by their label, `fields` see `write`."""
    for label in ticked:
        form.get_by_role("radio", name=label).or_(form.get_by_role("checkbox", name=label)).first.check()
    for label, value in fields.items():
        write(form.get_by_label(re.compile(rf"^\s*{re.escape(label)}")), value)


def write(control: Locator, value: Any) -> None:
    """Choose, attach or type, by what the control is."""
    if control.get_attribute("type") == "file":
        control.set_input_files(value)
    elif control.evaluate("element => element.tagName") == "SELECT":
        control.select_option(label=value)
    else:
        control.fill(value)
