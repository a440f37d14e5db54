"""What is recorded of figures: closing, publishing, targets, values by hand, months without acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.register.verbs import Facts, Verb


class Sealed(Facts):
    """What was closed: the figure as counts, the size of the log it was taken at, and the digest of its acts."""

    indicator: str
    of_organ: str
    start: str
    end: str
    size: int
    n: int
    total: int
    of_n: int
    of_total: int | None = None
    rules: str
    acts: str


class OfPeriod(Facts):
    """Which indicator, of which organ, from and to."""

    indicator: str
    of_organ: str
    start: str
    end: str


class Wanted(Facts):
    """Which indicator, of which organ and year; the value in ten-thousandths."""

    indicator: str
    of_organ: str
    year: int
    value: int


class ByHand(Facts):
    """Which indicator and month; the value in ten-thousandths."""

    indicator: str
    month: str
    value: int


class Nothing(Facts):
    """A month in which the office did nothing of that kind, and says so."""

    indicator: str
    month: str


class Planned(Facts):
    """Which plan, the digest of its content, and how much it holds."""

    plan: str
    digest: str
    objectives: int
    actions: int
    indicators: int


PLAN_LOADED = Verb("plan.loaded", _("Cargó el plan {plan}"), owner="indicators", facts=Planned)
PERIOD_CLOSED = Verb("period.closed", _("Cerró {indicator} de {start} a {end}"), owner="indicators", facts=Sealed)
PERIOD_PUBLISHED = Verb(
    "period.published", _("Publicó {indicator} de {start} a {end}"), owner="indicators", facts=OfPeriod
)
TARGET_SET = Verb("target.set", _("Fijó la meta de {indicator} para {year}"), owner="indicators", facts=Wanted)
VALUE_ENTERED = Verb(
    "value.entered", _("Anotó a mano el valor de {indicator} de {month}"), owner="indicators", facts=ByHand
)
MONTH_REPORTED = Verb(
    "month.reported", _("Informó que no hubo actos de {indicator} en {month}"), owner="indicators", facts=Nothing
)

VERBS = (PLAN_LOADED, PERIOD_CLOSED, PERIOD_PUBLISHED, TARGET_SET, VALUE_ENTERED, MONTH_REPORTED)
