"""What is recorded of acts that another system made: where they come from, and that nothing here was signed by us."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Origin(Facts):
    """Which system, batch and row; `of` is the verb it would be here. Figures count imported acts only when they name this verb."""

    system: str
    batch: str
    row: int
    of: str
    destination: str | None = None
    kind: str | None = None


class OldNumber(Facts):
    """The number it had, as it was written; it is in no series of ours."""

    old_number: str
    system: str


class Carried(Facts):
    """A book and where it goes on."""

    book: str
    year: int
    after: int


ACT_IMPORTED = Verb(
    "act.imported",
    _("Importó el acto {old_number} del sistema {system}"),
    owner="documents",
    facts=Origin,
    public=OldNumber,
)
BOOK_BEGUN = Verb(
    "book.begun", _("El libro {book} de {year} sigue al de un sistema anterior, que terminó en {after}"),
    owner="documents", facts=Carried,
)  # fmt: skip

VERBS = (ACT_IMPORTED, BOOK_BEGUN)
