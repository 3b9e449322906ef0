"""What every template may read of the person's preferences."""

from django.http import HttpRequest

THEME_COOKIE = "thaki_theme"
THEMES = ("auto", "light", "dark")


def look(request: HttpRequest) -> dict[str, str]:
    """`ui_theme`: the person's choice; a stranger's is in a cookie of his browser."""
    chosen = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return {"ui_theme": chosen if chosen in THEMES else "auto"}
