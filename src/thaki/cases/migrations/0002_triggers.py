"""What the database itself refuses: changing a case's history."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION cases_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history of a case is append-only: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
-- A statement trigger: it costs nothing to the rows that are added, and an UPDATE of no rows is refused too.
CREATE TRIGGER cases_history_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_historyevent
    FOR EACH STATEMENT EXECUTE FUNCTION cases_history_is_append_only();
"""
UNDO_APPEND_ONLY = """
DROP TRIGGER cases_history_append_only ON cases_historyevent;
DROP FUNCTION cases_history_is_append_only();
"""

# Each step rewrites the case and deletes small rows: leave room on the page, so that the update stays in it (heap-only).
ROOM_TO_MOVE = """
ALTER TABLE cases_case SET (fillfactor = 70);
ALTER TABLE cases_task SET (fillfactor = 80);
ALTER TABLE cases_timer SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE cases_wait SET (autovacuum_vacuum_scale_factor = 0.05);
"""


class Migration(migrations.Migration):
    """Append-only history; room on the pages that change often."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        migrations.RunSQL(ROOM_TO_MOVE, migrations.RunSQL.noop),
    ]
