"""Imports of CSV and XLSX files: one road for every file that people bring.

Theory of operation. A room says *what* its rows are by registering a kind at start-up; this room does the rest: it takes the file
(its size, type, encoding and separator told from its bytes), proposes which column is which field, remembers what the person
corrected, shows the first rows with their errors, and then runs the rows as a job, a batch a transaction. The batch moves the
import's counters in its own transaction, so a worker that is killed in the middle leaves whole batches behind, and whoever
takes the job up again goes on after the last of them: no row is applied twice, and the right rows of a half wrong file stay.

A room registers a kind from its `AppConfig.ready`:

    from thaki.reporting import imports

    imports.register(
        imports.ImportKind(
            code="payments",
            title=_("Pagos"),
            roles=frozenset({Role.DIVISION_FACTURACION}),
            fields=(
                imports.Field("bill", _("Factura"), required=True, aliases=("nro factura", "documento")),
                imports.Field("amount", _("Importe"), required=True, aliases=("monto", "total")),
                imports.Field("paid_on", _("Fecha de pago"), required=True),
            ),
            validate=read_payment,
            apply=enter_payments,
            back="sales_billing:recurring",
        )
    )

`validate(values, options)` gets a row as texts by field code ("" where the file says nothing; figures and dates of a workbook are
written plainly: `1234.5`, `2026-11-21`, `2026-11-21 15:30`) and returns whatever `apply` wants. It raises `RuleError` (its
`on` names the field) or `RowErrors({field: sentence})`. It runs for the preview too, so it changes nothing.
`apply(rows, batch)` enters validated rows, inside the batch's transaction, and returns an `Outcome` for each, in their order:
`Outcome()` for a row entered, `Outcome(note=…)` for one that is entered and about which people should know, `Outcome(refused=…)`
for one that is not. If it raises, the batch is rolled back and its rows are tried one by one: only those that raise are refused.
`foresee(rows, batch)`, if given, tells for the preview's valid rows what each would do ("Nuevo", "Ya está: …"); it is
rolled back.
`form` adds questions to the page of the import; their answers are `batch.options` (and `options` of `validate`), as texts.
`finished(batch)`, if given, runs once after the last row, in the transaction that closes the import.
Values are read by `imports.values`. Pages: `/importaciones/`; a room links to `imports:new` with its kind's code.
"""

from thaki.reporting.imports.kinds import (
    Batch,
    Field,
    ImportKind,
    Outcome,
    Row,
    RowErrors,
    kind_of,
    kinds_for,
    register,
)

__all__ = ["Batch", "Field", "ImportKind", "Outcome", "Row", "RowErrors", "kind_of", "kinds_for", "register"]
