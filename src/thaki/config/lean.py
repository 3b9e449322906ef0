"""Keeps out of our processes what two libraries load for terminals: 0.7 s of every start and 15 MiB of every process.

`cel` imports its own command line (typer, rich, prompt_toolkit) with the package, and structlog imports rich wherever it
is installed. Neither is used by a server.
"""

import sys
from types import ModuleType

sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # what Python itself takes for "not installed"
    import structlog

    del sys.modules["rich"]
    del structlog
