"""`thaki check`, `rehearse`, `bench` and `manage`: each hands its arguments to the room that does the work."""

import argparse
import os
import sys
from importlib import import_module

from thaki.config import environment
from thaki.config.cli import ground
from thaki.config.lock import make_folder
from thaki.config.trouble import Trouble


def run(args: argparse.Namespace) -> int:
    """Hand over."""
    return int({"check": _check, "rehearse": _rehearse, "bench": _bench, "manage": _manage}[args.command](args))


def _check(args: argparse.Namespace) -> int:
    ground.django()  # the handlers that a file may name are those of the registered procedures; no database is needed
    from thaki.cases import check_file

    return int(check_file.main(args.rest) or 0)


def _rehearse(args: argparse.Namespace) -> int:
    folder = environment.data_folder()
    if not os.environ.get("DATABASE_URL") and not (folder / "postgres").exists():
        make_folder(folder)
        (folder / "demo").touch()  # a first look at the system: `up` will go on with it
    with ground.with_database(folder, "rehearse"):
        from thaki.cases.rehearsal import cli
        from thaki.config import prepare

        prepare.prepare_database(ground.say)
        if environment.is_demo(folder):
            prepare.make_demo_ground()
        return int(cli.main(args.rest) or 0)


def _bench(args: argparse.Namespace) -> int:
    """A bench runs on a database of its own, durable as a real one, and never on anybody's data."""
    folder = environment.CHECKOUT / "bench"
    name, rest = (args.rest[0] if args.rest else ""), args.rest[1:]
    if not (folder / f"{name}.py").is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")))
        raise Trouble("No hay un banco de pruebas «%(name)s». Hay: %(known)s.", name=name, known=known or "ninguno")
    sys.path.insert(0, str(environment.CHECKOUT))
    os.environ["THAKI_DATA"] = str(environment.CHECKOUT / ".thaki" / "bench")
    with ground.with_database(environment.data_folder(), f"bench {name}"):
        from thaki.config import prepare

        prepare.prepare_database(ground.say)
        return int(import_module(f"bench.{name}").main(rest) or 0)


def _manage(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    with ground.with_database(environment.data_folder(), "manage"):
        execute_from_command_line(["thaki manage", *args.rest])
    return 0
