"""PDF documents from Typst templates, which lie in the `typst/` folder of the application that owns them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.apps import apps

from thaki.people import house


class TemplateNotFound(LookupError):
    """No application has that Typst template."""


@cache
def _path(template: str) -> Path:
    for config in apps.get_app_configs():
        candidate = Path(config.path) / "typst" / template
        if candidate.is_file():
            return candidate
    raise TemplateNotFound(template)


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with the wheel, and no other; reading them anew would be a third of a small document's time."""
    return typst.Fonts(include_system_fonts=False)


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template such as "sales/carta_comercial.typ"; `data` (plain JSON values) arrives there as `sys.inputs.data`.

    The same data give the same bytes: no clock is read, so a frozen report can be produced again (R-A5). `house` in the data
    is the house's name as it stood when the paper was made; without one it is today's.
    """
    path = _path(template)
    root = Path(apps.get_app_config("ui").path).parent  # templates may import the house's own header and footer
    inputs = {"data": json.dumps({"house": house.words(), **data}, ensure_ascii=False, default=str)}
    return typst.compile(path, root=root, sys_inputs=inputs, font_paths=_fonts())
