"""`thaki migrate`, `demo` and `admin`: what the database has to hold."""

import argparse
import getpass
import os

from thaki.config import environment
from thaki.config.cli import ground
from thaki.config.lock import make_folder
from thaki.config.trouble import Trouble


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """The data folder, and whom to make administrator."""
    ground.data_argument(parser)
    if command == "admin":
        parser.add_argument("username", metavar="USUARIO", help="nombre con el que ingresa")
        parser.add_argument("--email", default="", help="su correo")


def run(args: argparse.Namespace) -> int:
    """Bring the database up to date first, whatever is asked."""
    folder = ground.use_data(args)
    make_folder(folder)
    with ground.with_database(folder, args.command):
        from thaki.config import prepare

        environment.make_secret_key(folder)
        prepare.prepare_database(ground.say)
        if args.command == "demo":
            (folder / "demo").touch()
            prepare.make_demo(ground.say)
        if args.command == "admin":
            _make_admin(args.username, args.email)
    return 0


def _make_admin(username: str, email: str) -> None:
    """The first person who can get in; the password is asked for, or taken from THAKI_ADMIN_PASSWORD."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from thaki.people.models import User
    from thaki.people.roles import Role

    if User.objects.filter(username=username).exists():
        raise Trouble("Ya hay una persona con el nombre «%(username)s».", username=username)
    password = os.environ.get("THAKI_ADMIN_PASSWORD") or getpass.getpass("Contraseña: ")
    try:
        validate_password(password, User(username=username, email=email))
    except ValidationError as error:
        raise Trouble("%(why)s", why=" ".join(error.messages)) from None
    User.objects.create_user(username, email, password, roles=[Role.ADMINISTRADOR.value])
