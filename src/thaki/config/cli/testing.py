"""`thaki test`: pytest over a PostgreSQL of its own; the script has put the development set in place."""

import argparse
import os
import subprocess
import sys

from thaki.config.environment import CHECKOUT

# What a developer's shell may hold must not reach the tests.
KEPT = ("THAKI_NO_SKIP", "THAKI_MODELS")


def run(args: argparse.Namespace) -> int:
    """Run pytest in the checkout; without arguments everything, one process a core."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THAKI_") or name in KEPT}
    environment.pop("DATABASE_URL", None)
    rest = args.rest or ["-n", str(os.cpu_count() or 1), "--dist", "worksteal", "-q"]
    command = [sys.executable, "-m", "pytest", *rest]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode
