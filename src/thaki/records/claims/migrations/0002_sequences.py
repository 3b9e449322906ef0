"""The sequences behind the numbers that people say."""

from typing import ClassVar

from django.db import migrations

from thaki.records.sequences import sequence


class Migration(migrations.Migration):
    """Make them."""

    dependencies: ClassVar = [("claims", "0001_initial")]
    operations: ClassVar = [
        sequence("REC"),
    ]
