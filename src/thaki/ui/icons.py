"""Our sprite of icons: the Tabler outline icons that the templates name, in one file.

    python -m thaki.ui.icons NODE_MODULES    rebuilds static/ui/icons.svg from the package @tabler/icons (MIT)

A test holds every icon named in a template to this list.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
NAMES = tuple(
    ["activity", "adjustments", "alert-circle", "alert-triangle", "antenna", "archive", "arrow-back-up", "arrow-forward-up", "arrow-left", "arrow-right", "arrows-exchange", "arrows-sort", "ban", "bell", "bolt", "book-2", "brand-facebook", "brand-whatsapp", "briefcase", "building", "building-bank", "building-store", "bulb", "calendar", "calendar-event", "calendar-time", "camera", "cash", "cash-off", "chart-bar", "chart-line", "check", "checklist", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle", "circle-check", "circle-dashed", "circle-dot", "circle-x", "clipboard-check", "clipboard-list", "clock", "clock-exclamation", "clock-hour-4", "cloud-check", "cloud-off", "coins", "copy", "credit-card", "current-location", "database", "device-desktop", "device-mobile", "device-tv", "discount", "door-exit", "dots", "download", "edit", "external-link", "eye", "eye-off", "file", "file-check", "file-invoice", "file-text", "file-upload", "file-x", "files", "filter", "filter-off", "fingerprint", "flag", "flask", "focus-2", "folder", "gauge", "git-compare", "hand-grab", "hand-stop", "help-circle", "hierarchy-2", "history", "home", "home-2", "hourglass", "id", "inbox", "info-circle", "key", "keyboard", "language", "layout-dashboard", "layout-kanban", "link", "list", "list-check", "list-details", "lock", "lock-open", "login-2", "logout", "mail", "mail-check", "mail-off", "map", "map-2", "map-pin", "maximize", "menu-2", "message", "message-circle", "minus", "moon", "note", "notes", "package", "paperclip", "pencil", "phone", "phone-call", "phone-off", "photo", "player-pause", "player-play", "plug-connected", "plug-connected-x", "plus", "printer", "progress", "progress-check", "qrcode", "receipt", "receipt-refund", "refresh", "repeat", "report", "report-analytics", "rotate", "route", "router", "scale", "search", "send", "server", "settings", "shield-check", "shield-lock", "signature", "sitemap", "sort-ascending", "sort-descending", "speedboat", "stack-2", "star", "sun", "switch-horizontal", "table", "tag", "target", "tool", "transfer", "trash", "trending-down", "trending-up", "truck-delivery", "unlink", "upload", "user", "user-check", "user-circle", "user-off", "user-plus", "user-x", "users", "users-group", "versions", "wifi", "world", "writing", "x", "zoom-in", "zoom-out"]
)

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
