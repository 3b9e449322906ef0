"""The command `thaki`: what it can do, and the sentence that says what went wrong."""

import argparse
import os
import sys
from importlib import import_module
from typing import NoReturn

from thaki.config.trouble import Trouble

# command: (module, what it is for). A module has `arguments(parser, command)` and `run(args) -> exit code`, or only the
# latter if its commands hand everything that follows them to somebody else, untouched.
COMMANDS = {
    "up": ("up", "arranca todo: base de datos, trabajador, correo de prueba y páginas"),
    "web": ("serve", "sirve las páginas solamente"),
    "worker": ("serve", "hace los trabajos pendientes solamente"),
    "migrate": ("data", "pone la base de datos al día"),
    "demo": ("data", "crea los datos de demostración, inventados"),
    "admin": ("data", "crea un administrador"),
    "check": ("tools", "revisa un procedimiento: FILE.bpmn"),
    "rehearse": ("tools", "ensaya un caso: SCENARIO.yaml, o --describe PROCEDIMIENTO"),
    "bench": ("tools", "mide: NAME es un archivo de bench/"),
    "manage": ("tools", "órdenes de Django, para quien desarrolla"),
    "doctor": ("doctor", "dice qué le falta a esta instalación y cómo arreglarlo"),
    "test": ("testing", "corre las pruebas"),
}


class _Parser(argparse.ArgumentParser):
    """Help and refusals in Spanish."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, add_help=False)
        self._positionals.title = "argumentos"
        self._optionals.title = "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "uso:", 1)

    def error(self, message: str) -> NoReturn:
        print(f"thaki: {message}. Ayuda: ./thaki --help", file=sys.stderr)
        sys.exit(2)


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code. A `Trouble` is one sentence, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaki.config.settings")
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if argv else 2
    name = argv[0]
    if name not in COMMANDS:
        print(f"thaki: no hay una orden «{name}».\n\n{_overview()}", file=sys.stderr)
        return 2
    module = import_module(f"thaki.config.cli.{COMMANDS[name][0]}")
    if hasattr(module, "arguments"):
        parser = _Parser(prog=f"thaki {name}", description=COMMANDS[name][1])
        module.arguments(parser, name)
        args = parser.parse_args(argv[1:], argparse.Namespace(command=name))
    else:
        args = argparse.Namespace(command=name, rest=argv[1:])
    try:
        return int(module.run(args))
    except Trouble as trouble:
        print(f"thaki: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _overview() -> str:
    lines = [f"  {name:<10}{text}" for name, (_, text) in COMMANDS.items()]
    return "uso: ./thaki ORDEN [opciones]\n\n" + "\n".join(lines) + "\n\nCada orden explica sus opciones con --help."
