"""What is done about prospects by the clock: given out by turn, compared with each other, merges settled."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.procedures.sales import prospect_merge, prospect_share
from thaki.records.prospects import duplicates

ROUNDS = 10  # of one job: the rest is the next minute's


@app.periodic(cron="* * * * *", periodic_id="sales.give_out_prospects")
@app.task(name="sales.give_out_prospects")
def give_out_prospects(timestamp: int) -> None:
    """Give out by turn, if that is the policy."""
    prospect_share.give_out(now=timezone.now())


@app.periodic(cron="* * * * *", periodic_id="sales.compare_prospects")
@app.task(name="sales.compare_prospects")
def compare_prospects(timestamp: int) -> None:
    """Compare those who came in or changed; imports compare their own."""
    for _round in range(ROUNDS):
        if not duplicates.compare_waiting(now=timezone.now()):
            return


@app.periodic(cron="40 9 * * *", periodic_id="sales.give_up_rested")  # 05:40
@app.task(name="sales.give_up_rested")
def give_up_rested(timestamp: int) -> None:
    """Give up the cases whose merge is no longer taken back."""
    prospect_merge.give_up_rested(now=timezone.now())
