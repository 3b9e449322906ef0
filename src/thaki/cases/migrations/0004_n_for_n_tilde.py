"""The subjects' search keys have n for ñ, as people type either."""

from django.db import migrations

FOLD = """
UPDATE cases_case SET search = ARRAY(SELECT DISTINCT replace(piece, 'ñ', 'n') FROM unnest(search) piece ORDER BY 1)
WHERE search::text LIKE '%ñ%'
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_presence")]

    operations = [migrations.RunSQL(FOLD, migrations.RunSQL.noop)]
