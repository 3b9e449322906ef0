"""Our sprite of icons: the Tabler outline icons that the templates name, in one file.

    python -m thaki.ui.icons NODE_MODULES    rebuilds static/ui/icons.svg from the package @tabler/icons (MIT)

A test holds every icon named in a template to this list.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
NAMES = (Path(__file__).parent / "icons.txt").read_text().split()

SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def symbol(name: str, svg: str) -> str:
    """One icon as a `<symbol>` of the sprite."""
    match = SVG.search(svg)
    if match is None:
        raise ValueError(f"{name}: not an SVG")
    body = "".join(line.strip() for line in FRAME.sub("", match[1]).splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body.replace(" />", "/>")}</symbol>'


def build(node_modules: Path) -> None:
    """Write the sprite from the outline icons of @tabler/icons."""
    folder = node_modules / "@tabler" / "icons" / "icons" / "outline"
    symbols = [symbol(name, (folder / f"{name}.svg").read_text()) for name in NAMES]
    note = "<!-- Tabler Icons, MIT, Copyright (c) Paweł Kuna -->"
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{note}\n' + "\n".join(symbols) + "\n</svg>\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
