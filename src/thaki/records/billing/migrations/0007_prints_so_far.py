from django.db import migrations

# Originals printed before prints were kept one by one; of earlier copies only the count is known.
ORIGINALS = """
INSERT INTO billing_invoiceprint (invoice_id, copy_number, printed_at, printed_by_id)
SELECT id, 0, printed_at, printed_by_id FROM billing_invoice WHERE printed_at IS NOT NULL
ON CONFLICT (invoice_id, copy_number) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_cashier_papers")]

    operations = [migrations.RunSQL(ORIGINALS, migrations.RunSQL.noop)]
