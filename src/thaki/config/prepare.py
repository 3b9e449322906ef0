"""What has to be in place before anything serves: tables, procedures, built files, and the demo's people."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.config import health

Say = Callable[[str], object]


def prepare(say: Say, *, demo: bool) -> None:
    """Bring the installation up to this version; quick when it already is."""
    prepare_database(say)
    build_static(say)
    if demo:
        make_demo(say)


def prepare_database(say: Say) -> None:
    """Apply the migrations that lack, and seed or propose the shipped procedures."""
    from thaki.cases import versions

    pending = health.pending_migrations()
    if pending:
        say(_("Preparando la base de datos (%(count)s migraciones)…") % {"count": len(pending)})
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    for version in versions.seed():
        say(_("Procedimiento %(code)s, versión %(number)s.") % {"code": version.code, "number": version.number})


def make_demo(say: Say) -> None:
    """Invented people, records and cases, unless they are there."""
    from thaki.config import demo

    demo.ensure(say)


def make_demo_ground() -> None:
    """Only the people and the records that a case stands on: plans, network, customers."""
    from thaki.people.demo import ensure_people
    from thaki.records import demo as records

    ensure_people()
    records.build(now=timezone.now())


# ---------------------------------------------------------------- files that browsers fetch
def build_static(say: Say) -> None:
    """Collect, name by hash and compress the static files, if any of them changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".built"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(_("Preparando los archivos de las páginas…"))
    stamp.unlink(missing_ok=True)  # an interrupted build is made again
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    told = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            told.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()
