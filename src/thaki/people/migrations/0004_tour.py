from typing import Any

from django.db import migrations, models
from django.db.models import F


def spare_who_knows_the_way(apps: Any, schema_editor: Any) -> None:
    """Whoever has worked here already needs nobody to show him around."""
    users = apps.get_model("people", "User").objects.filter(last_login__isnull=False)
    users.update(toured_at=F("last_login"))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_neighbours'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='toured_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(spare_who_knows_the_way, migrations.RunPython.noop),
    ]
