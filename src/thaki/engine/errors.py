"""Why an event, or a procedure, cannot be followed."""

from __future__ import annotations


class NotApplicable(Exception):
    """The event does not apply to the case as it is now."""

    def __init__(self, code: str, **params: str) -> None:
        """`code` names the reason; `params` are its particulars."""
        super().__init__(code, params)
        self.code = code
        self.params = params


class ProcedureError(Exception):
    """The procedure itself does not say how to go on; soundness finds these before publishing."""

    def __init__(self, node: str) -> None:
        """`node` is where the case would be lost."""
        super().__init__(node)
        self.node = node


class NoWayOut(ProcedureError):
    """No condition of the gateway holds, and it has no default flow."""


class EndlessLoop(ProcedureError):
    """The nodes from here lead back here without waiting for anything."""
