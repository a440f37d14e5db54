"""How long cases are kept, and what becomes of them then: classes of retention, data of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import CLOSED, DELIVERED, DESTROYED, NOTIFIED
from cancilleria.kernel.organs.doors import Texts
from cancilleria.kernel.organs.profile import BadProfile, read_toml
from cancilleria.kernel.register.doors import Door
from cancilleria.kernel.register.models import Hold, Withheld
from cancilleria.kernel.register.models.keeping import ERASED, FILES

# `erased`: private data everywhere, files too; `files`: files only, the answers stay. Entries and numbers always stay.
DISPOSALS = (ERASED, FILES)
ENDED = (NOTIFIED, DELIVERED, DESTROYED, CLOSED)
MOST = 500


@dataclass(frozen=True)
class Retention:
    """Cases of `procedure` are disposed of `months` after their decision was notified. `source` is the rule that says so."""

    key: str
    procedure: str
    months: int
    disposal: str
    name: Texts
    source: str
    as_of: str

    def until(self, today: date) -> date:
        """The last day of notification whose time is over today."""
        months = today.year * 12 + today.month - 1 - self.months
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, 28))


retentions: Door[Mapping[str, Retention]] = Door("classes of retention")


def read_retentions(folder: Path) -> Mapping[str, Retention]:
    """`retention.toml` of the profile, which may be missing. Raises BadProfile naming what to mend."""
    path = folder / "retention.toml"
    rows = read_toml(path).get("class", []) if path.exists() else []
    try:
        found = [
            Retention(
                str(row["key"]), str(row["procedure"]), int(row["months"]), str(row["disposal"]),
                {"es": str(row["es"]), "en": str(row["en"])}, str(row["source"]), str(row["as_of"]),
            )
            for row in (rows if isinstance(rows, list) else [])
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise BadProfile(
            f"retention.toml: a una clase le falta {error}, o no es del tipo debido. Corríjala."
        ) from error
    for rule in found:
        if rule.disposal not in DISPOSALS or rule.months < 1:
            raise BadProfile(f"retention.toml: {rule.key}: disposal es erased o files, y months 1 o más. Corríjalo.")
    if len({rule.key for rule in found}) < len(found):
        raise BadProfile("retention.toml: una clave se repite. Corríjala.")
    return {rule.key: rule for rule in found}


def due(rule: Retention, organ: str, *, today: date | None = None) -> QuerySet[Case]:
    """Cases of an organ past their time, oldest first: not held, not disposed of before, and with no appeal that runs."""
    until = rule.until(today or timezone.now().date())
    return _past(rule, organ, until).exclude(Exists(_held())).order_by("notified_on", "pk")


def held_back(rule: Retention, organ: str) -> int:
    """How many would be due and are held."""
    return _past(rule, organ, rule.until(timezone.now().date())).filter(Exists(_held())).count()


def _past(rule: Retention, organ: str, until: date) -> QuerySet[Case]:
    found = Case.objects.filter(
        organ=organ, procedure=rule.procedure, state__in=ENDED, notified_on__lte=until
    ).annotate(subject=Concat(Value("case:", output_field=TextField()), Cast("pk", TextField())))
    gone = Withheld.objects.filter(subject=OuterRef("subject"), what__in=[ERASED, rule.disposal])
    running = Case.objects.filter(appeals=OuterRef("pk")).exclude(state__in=ENDED)
    return found.exclude(Exists(gone)).exclude(Exists(running))


def _held() -> QuerySet[Hold]:
    return Hold.objects.filter(subject=OuterRef("subject"), lifted=None)
