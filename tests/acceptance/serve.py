"""Thaki as it is installed, pages and worker, over a small data set; run as a process of its own by `conftest.py`.

The environment says where: DATABASE_URL, THAKI_DATA, THAKI_SMTP_URL, THAKI_PUBLIC_URL and PORT. One thing is not as it is
installed: a mail that cannot be handed over is tried again at once, and not for hours, before people are told.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

PLACE = (-17.3895, -66.1568)  # where the public page's map opens; fibre reaches all around it, cable ends before it
RING = [[-66.40, -17.60], [-65.90, -17.60], [-65.90, -17.20], [-66.40, -17.20], [-66.40, -17.60]]


def furnish(now: datetime) -> None:
    """People of every role, the plans, one fibre area with two measured neighbours, and COMTECO's bank accounts."""
    from django.utils import timezone

    from thaki.people.demo import ensure_people
    from thaki.people.models import User
    from thaki.records.billing.demo import build_accounts
    from thaki.records.network import operations as network
    from thaki.records.network.models import AccessPoint, Line
    from thaki.records.offers.demo import build_plans

    ensure_people()
    User.objects.update(toured_at=now)  # nobody is here for the first time
    build_plans(timezone.localdate(now))
    build_accounts()
    polygon = {"type": "Polygon", "coordinates": [RING]}
    network.add_area(name="Valle", technology="FO", polygon=polygon, max_mbps=300, by=None, now=now)
    box = AccessPoint.objects.create(
        code="FO-CENTRO", technology="FO", zone="Centro", lat=PLACE[0], lon=PLACE[1],
        ports_total=64, ports_used=3, reach_m=20_000, max_mbps=300,
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(
            number=f"4428000{n}", access_point=box, technology="FO", address=f"Av. Heroínas {n}00", zone="Centro",
            lat=PLACE[0] + 0.0003 * n, lon=PLACE[1], sync_down_mbps=Decimal(300), sync_up_mbps=Decimal(150),
            attenuation_db=Decimal(17), snr_db=Decimal(31), measured_at=now - timedelta(days=2),
        )
        for n in (1, 2)
    )  # fmt: skip


def main() -> None:
    """Furnish the database, and serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaki.config.settings")
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from thaki.cases import effects
    from thaki.config import prepare, processes, serving, working

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    prepare.prepare_database(say)
    furnish(timezone.now())
    connections.close_all()
    effects.RETRY_AFTER = (timedelta(0),) * 2
    processes.fork("worker", working.run_worker)
    serving.run_web("127.0.0.1", int(os.environ["PORT"]), metrics_folder=Path(os.environ["THAKI_DATA"]) / "metrics")


if __name__ == "__main__":
    main()
