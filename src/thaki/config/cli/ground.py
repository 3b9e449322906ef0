"""What several commands stand on: the data folder, Django, and a database."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thaki.config import embedded, environment
from thaki.config.lock import holder, is_held, make_folder


def data_argument(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`, the folder where this installation keeps everything."""
    parser.add_argument("--data", metavar="DIR", help="carpeta de datos (si no: THAKI_DATA, o .thaki/data)")


def use_data(args: argparse.Namespace) -> Path:
    """The data folder that the arguments name, from here on everybody's."""
    if args.data:
        os.environ["THAKI_DATA"] = str(Path(args.data).expanduser().absolute())
    return environment.data_folder()


def django() -> None:
    """Load Django, once; the command line speaks Spanish."""
    import django as framework
    from django.utils import translation

    if not framework.apps.apps.ready:
        framework.setup()
    translation.activate("es")


def say(sentence: str) -> None:
    """A line for the person at the keyboard."""
    print(sentence, file=sys.stderr, flush=True)


def running_database(folder: Path) -> str:
    """The address of the database in use: DATABASE_URL, or that of the `up` that runs on the folder."""
    told = os.environ.get("DATABASE_URL", "")
    if not told and is_held(folder):
        told = str(holder(folder).get("database", ""))
    return told


@contextmanager
def with_database(folder: Path, command: str) -> Iterator[str]:
    """Django over a database: the user's own, the running `up`'s, or one started for this command."""
    if running_database(folder):
        os.environ["DATABASE_URL"] = running_database(folder)
        django()
        yield os.environ["DATABASE_URL"]
        return
    make_folder(folder)
    with embedded.database(folder, command) as url:
        os.environ["DATABASE_URL"] = url
        django()
        try:
            yield url
        finally:
            from django.db import connections

            connections.close_all()
