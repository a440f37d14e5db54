"""What the interface keeps about a case: answers given to programs, for as long as their keys may come again."""

from __future__ import annotations

from django.db.models import F, Func, IntegerField, Q, QuerySet, Value

from cancilleria.kernel.cases.traces import Matter, Rows, Trace
from cancilleria.services.interop.models import Answer

WITHHELD = b'{"withheld": true}'


def _about(matter: Matter) -> QuerySet[Answer]:
    """Answers that name one of the cases: each tells its case by its key."""
    wanted = Q(pk=None)
    for case in matter.cases:
        place = Func(
            Value(str(case).encode()), F("body"), function="position", arg_joiner=" IN ", output_field=IntegerField()
        )
        wanted |= Q(pk__in=Answer.objects.annotate(place=place).filter(place__gt=0).values("pk"))
    return Answer.objects.filter(wanted)


def tell(matter: Matter) -> Rows:
    return list(_about(matter).values("kind", "status", "created_at"))


def erase(matter: Matter) -> int:
    """The key stays used: what it did is not done again."""
    return _about(matter).update(body=WITHHELD)


TRACE = Trace(tell, erase)
