"""A sent informe does not change, and requests not served know where they were and what was asked for."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION sales_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the report of % was sent: it does not change', OLD.month_on
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER sales_report_frozen BEFORE UPDATE ON sales_salesreport
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION sales_report_is_frozen();
"""
THAWED = """
DROP TRIGGER sales_report_frozen ON sales_salesreport;
DROP FUNCTION sales_report_is_frozen();
"""

# Those that arrived before the columns were there; `rules.technology_asked` says the same of those that come after.
FILLED = """
UPDATE sales_unservedrequest u SET
    zone = coalesce(nullif(s.zone, ''), p.zone),
    lat = CASE WHEN s.lat IS NULL THEN p.lat ELSE s.lat END,
    lon = CASE WHEN s.lat IS NULL THEN p.lon ELSE s.lon END,
    technology = coalesce(nullif(s.capacity_technology, ''), (SELECT technology FROM offers_plan WHERE id = s.plan_id),
        (SELECT v->>'technology' FROM jsonb_array_elements(s.coverage) WITH ORDINALITY AS found(v, n)
            ORDER BY (v->>'meets_wanted')::bool DESC, (v->>'available')::bool DESC, n LIMIT 1), '')
FROM sales_sale s JOIN prospects_prospect p ON p.id = s.prospect_id WHERE s.case_id = u.sale_id
"""


class Migration(migrations.Migration):
    """Frozen reports; zone, technology and place of the requests not served."""

    dependencies = [
        ("sales", "0004_reports"),
        ("offers", "0001_initial"),
        ("prospects", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(FROZEN, THAWED),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
