"""What is recorded of personal data: given to whoever they are about, erased, disposed of when their time is over, held, read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Because(Facts):
    """Why, as a code of CAUSES or the key of a class of retention."""

    cause: str


class Reach(Because):
    """What an erasure reached: cases, private parts of entries, rows of other tables, files. `again` after a restored backup."""

    scope: str
    cases: int
    entries: int
    rows: int
    files: int
    again: bool | None = None


class Given(Facts):
    """How much was given: cases, entries, reads of others, files."""

    cases: int
    entries: int
    reads: int
    files: int


class Disposal(Facts):
    """A class of retention, what becomes of its cases, how many, and how many files went."""

    rule: str
    disposal: str
    cases: int
    files: int


class Waiting(Facts):
    """How many cases of a class of retention are past their time."""

    rule: str
    cases: int


class TooMany(Facts):
    """How many persons or cases were opened within an hour, and how many are allowed."""

    limit: int


DATA_ERASED = Verb(
    "data.erased", _("Suprimió datos personales: {entries} asientos, {rows} filas y {files} archivos"), owner="cases",
    facts=Reach,
)  # fmt: skip
ERASURE_DECIDED = Verb("erasure.decided", _("Decidió suprimir datos personales"), owner="cases", facts=Because)
PART_ERASED = Verb("private.erased", _("Suprimió la parte reservada de un asiento"), owner="cases", facts=Because)
DATA_GIVEN = Verb(
    "data.given", _("Entregó a una persona lo que consta sobre ella: {entries} asientos y {files} archivos"),
    owner="cases", facts=Given,
)  # fmt: skip
RETENTION_DUE = Verb(
    "retention.due", _("Propuso disponer de {cases} expedientes que cumplieron su plazo"), owner="cases", facts=Waiting
)
RETENTION_APPLIED = Verb(
    "retention.applied", _("Dispuso de {cases} expedientes que cumplieron su plazo"), owner="cases", facts=Disposal
)
FILES_DESTROYED = Verb("files.destroyed", _("Destruyó los archivos del expediente"), owner="cases", facts=Because)
HOLD_PLACED = Verb("hold.placed", _("Retuvo el expediente: no se dispone de él"), owner="cases")
HOLD_LIFTED = Verb("hold.lifted", _("Levantó la retención del expediente"), owner="cases")
READS_EXCEEDED = Verb(
    "reads.exceeded", _("Abrió más de {limit} personas o expedientes en una hora"), owner="cases", facts=TooMany
)

VERBS = (
    DATA_ERASED, ERASURE_DECIDED, PART_ERASED, DATA_GIVEN, RETENTION_DUE, RETENTION_APPLIED, FILES_DESTROYED, HOLD_PLACED, HOLD_LIFTED,
    READS_EXCEEDED,
)  # fmt: skip
