"""`thaki web` and `thaki worker`: one part alone, for installations that have their own supervisor."""

import argparse
import os

from thaki.config import environment
from thaki.config.cli import ground
from thaki.config.lock import make_folder
from thaki.config.trouble import Trouble


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Where to listen, or how many jobs at once."""
    ground.data_argument(parser)
    if command == "web":
        parser.add_argument("--port", type=int, default=8000, help="puerto (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="dirección donde escuchar (127.0.0.1)")
    else:
        parser.add_argument("--jobs", type=int, default=2, help="trabajos a la vez (2)")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    folder = ground.use_data(args)
    make_folder(folder)
    environment.make_secret_key(folder)
    url = ground.running_database(folder)
    if not url:
        raise Trouble("No hay base de datos: defina DATABASE_URL, o use «./thaki up», que trae una.")
    os.environ["DATABASE_URL"] = url
    os.environ["THAKI_STATIC"] = "built"
    ground.django()
    return _web(args) if args.command == "web" else _worker(args)


def _web(args: argparse.Namespace) -> int:
    from thaki.config import prepare, serving

    serving.check_port(args.host, args.port)
    prepare.build_static(ground.say)
    serving.run_web(args.host, args.port, metrics_folder=environment.data_folder() / f"metrics-{args.port}")
    return 0


def _worker(args: argparse.Namespace) -> int:
    from thaki.config import working

    working.run_worker(args.jobs)
    return 0
