"""What every method of the BSS's port may raise."""

from __future__ import annotations


class BssError(Exception):
    """The BSS could not do it; `retry` says whether trying again later may help."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry
