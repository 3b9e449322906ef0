"""How the rows were that a completed step changed, so that it can be taken back."""

from django.db import migrations, models


# Called by a trigger on each table whose rows a step may change (see `remembering`), only while a person completes a task: its
# id is then in the setting that also names who acts. Measured: a row as text costs half of what it costs as JSON, and asking
# later which transaction wrote a row costs nothing now, where a hash of it would have to be worked out.
REMEMBER = """
CREATE SEQUENCE cases_remembered_n CACHE 100;
CREATE FUNCTION cases_remember() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE step bigint := current_setting('pghistory.context_metadata')::jsonb ->> 'task';
BEGIN
    INSERT INTO cases_remembered (task_id, n, "table", verb, "row", xact, at)
        VALUES (step, nextval('cases_remembered_n'), TG_TABLE_NAME, TG_OP, CASE TG_OP WHEN 'INSERT' THEN NEW::text ELSE OLD::text END,
            pg_current_xact_id()::xid::text::bigint, clock_timestamp());
    RETURN NULL;
END $$;
"""
# Nothing here is kept long enough to be worth compressing or moving out of line.
PLAIN = """
ALTER TABLE cases_remembered SET UNLOGGED;
ALTER TABLE cases_remembered ALTER "row" SET STORAGE EXTERNAL;
ALTER TABLE cases_remembered SET (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
"""


class Migration(migrations.Migration):
    """The table, which is not logged, and the function that fills it."""

    dependencies = [
        ('cases', '0005_task_closed'),
    ]

    operations = [
        migrations.CreateModel(
            name="Remembered",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "task_id", "n", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("task_id", models.BigIntegerField()),
                ("n", models.BigIntegerField()),
                ("table", models.CharField(max_length=63)),
                (
                    "verb",
                    models.CharField(
                        choices=[("INSERT", "Insert"), ("UPDATE", "Update"), ("DELETE", "Delete"), ("TYPED", "Typed")],
                        max_length=6,
                    ),
                ),
                ("row", models.TextField()),
                ("xact", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name='historyevent',
            name='kind',
            field=models.CharField(choices=[('started', 'Caso abierto'), ('completed', 'Paso hecho'), ('passed', 'Paso automático'), ('timer_fired', 'Plazo vencido'), ('message', 'Mensaje recibido'), ('sent_back', 'Devuelto'), ('undone', 'Paso deshecho'), ('claimed', 'Tomado'), ('released', 'Devuelto a la cola'), ('handed_over', 'Traspasado'), ('escalated', 'Avisado por atraso'), ('extended', 'Plazo ampliado'), ('attached', 'Documento adjuntado'), ('suspended', 'En pausa'), ('resumed', 'Reanudado'), ('cancelled', 'Anulado'), ('ended', 'Caso terminado'), ('incident', 'Incidente'), ('resolved', 'Incidente resuelto'), ('noted', 'Anotación')], max_length=15),
        ),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.RunSQL(REMEMBER, "DROP FUNCTION cases_remember() CASCADE; DROP SEQUENCE cases_remembered_n"),
    ]
