"""A retention is live while its case has not ended, whatever ends it; the condition is looked at before anything is queued."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION retention_case_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE retention_retention SET live = NEW.state IN ('open', 'suspended') WHERE case_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER retention_case_ended AFTER UPDATE OF state ON cases_case FOR EACH ROW
    WHEN (NEW.procedure = 'retention'
        AND (OLD.state IN ('open', 'suspended')) IS DISTINCT FROM (NEW.state IN ('open', 'suspended')))
    EXECUTE FUNCTION retention_case_ended();
"""


class Migration(migrations.Migration):

    dependencies = [("retention", "0001_initial")]

    operations = [
        migrations.RunSQL(
            TRIGGER, "DROP TRIGGER retention_case_ended ON cases_case; DROP FUNCTION retention_case_ended()"
        ),
    ]
