"""A closed figure and the same figure today: the seal checked again, and every act that makes the difference."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from cancilleria.kernel.indicators import acts
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import Indicator, Rule, rule
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.register.models import ANNULS, RECTIFIES, Entry

Act = tuple[uuid.UUID, int]


@dataclass(frozen=True)
class Side:
    """One side of a figure: what it was, what came and went since, what it is. `now = then + late + corrected_in - ...`."""

    then: int
    now: int
    late: tuple[Act, ...]
    annulled: tuple[Act, ...]
    corrected_out: tuple[Act, ...]
    corrected_in: tuple[Act, ...]

    @property
    def adds_up(self) -> bool:
        came = sum(adds for _, adds in (*self.late, *self.corrected_in))
        went = sum(adds for _, adds in (*self.annulled, *self.corrected_out))
        return self.now == self.then + came - went


@dataclass(frozen=True)
class Explanation:
    """Numerator and, if any, denominator; `redefined` when the indicator's formula is no longer the one closed."""

    sides: tuple[Side, ...]
    redefined: bool


def seal_holds(closure: Closure) -> bool:
    """Whether the acts below the size it was taken at still give its counts and its digest."""
    behind = [acts.acts(found, _scope(closure), as_of=closure.size) for found in rules_of(closure)]
    counts = [[len(found), sum(adds for _, adds in found)] for found in behind]
    return counts == closure.counts and acts.digest(behind) == closure.acts_digest


def explain(closure: Closure, indicator: Indicator, *, until: int | None = None) -> Explanation:
    """Every act by which the figure today differs from the closed one, by the formula it was closed with.

    With `until`, the figure as it stood in the log below that size instead of today's: what a later closing changed.
    """
    rules = rules_of(closure)
    sides = tuple(_side(found, closure, until) for found in rules)
    return Explanation(sides, [r.key for r in indicator.rules()] != [r.key for r in rules])


def _side(found: Rule, closure: Closure, until: int | None) -> Side:
    then = dict(acts.acts(found, _scope(closure), as_of=closure.size))
    now = dict(acts.acts(found, _scope(closure), as_of=until))
    came, went = now.keys() - then.keys(), then.keys() - now.keys()
    ended = Entry.objects.filter(relation=ANNULS, target__in=went).values_list("target", flat=True)
    annulled = {entry for entry in ended if entry is not None}
    corrections = set(Entry.objects.filter(pk__in=came, relation=RECTIFIES).values_list("pk", flat=True))
    return Side(
        sum(then.values()), sum(now.values()), _of(came - corrections, now), _of(annulled, then),
        _of(went - annulled, then), _of(corrections, now),
    )  # fmt: skip


def _of(entries: set[uuid.UUID], adds: dict[uuid.UUID, int]) -> tuple[Act, ...]:
    return tuple((entry, adds[entry]) for entry in sorted(entries))


def rules_of(closure: Closure) -> list[Rule]:
    """Numerator and denominator as they were when it was closed."""
    return [rule(text, tuple(dimensions)) for text, dimensions in closure.rules]


def _scope(closure: Closure) -> Scope:
    return Scope(closure.start, closure.end, (closure.organ,) if closure.organ else None)
