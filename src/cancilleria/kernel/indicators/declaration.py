"""Indicators as values: what a figure of the plan is. Its targets are data; its formula is here or it says `manual`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cancilleria.kernel.indicators.expression import parse
from cancilleria.kernel.indicators.measure import Measure
from cancilleria.kernel.register.verbs import Verbs
from cancilleria.kernel.register.verbs import verbs as declared

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MORE, LESS = "more", "less"
REGISTER, MANUAL = "register", "manual"
ACTS, PERCENT, DAYS, MONEY = "acts", "percent", "days", "money"


class UnknownIndicator(LookupError):
    """Nobody declared this indicator."""


@dataclass(frozen=True)
class Rule:
    """A measure with its dimensions. `key` names this very rule: another text is another rule, counted from the start."""

    text: str
    measure: Measure
    dimensions: tuple[str, ...]

    @property
    def key(self) -> str:
        said = json.dumps([1, repr(self.measure), list(self.dimensions)])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Indicator:
    """A figure: `numerator`, over `denominator` when it is a share or a mean. `sense` says whether more or less is better.

    `dimensions` are facts of the verb by which it can be split; `unit` is acts, percent, days or money.
    """

    key: str
    code: str
    name: StrOrPromise
    owner: str
    unit: str = ACTS
    sense: str = MORE
    numerator: str = ""
    denominator: str = ""
    dimensions: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return REGISTER if self.numerator else MANUAL

    @property
    def scale(self) -> int:
        return 100 if self.unit == PERCENT else 1

    def rules(self, verbs: Verbs = declared) -> tuple[Rule, ...]:
        """Numerator and, if there is one, denominator. Raises BadExpression."""
        texts = [text for text in (self.numerator, self.denominator) if text]
        # A share is split by what both sides have; what it is shared of has no other dimensions of its own.
        return tuple(rule(text, self.dimensions, verbs) for text in texts)


def rule(text: str, dimensions: tuple[str, ...], verbs: Verbs = declared) -> Rule:
    """Raises BadExpression, and ValueError for a dimension that is no fact of the verb."""
    measure = parse(text, verbs)
    missing = set(dimensions) - set(verbs.get(measure.verb).facts.model_fields)
    if missing:
        raise ValueError(f"{measure.verb} has no {', '.join(sorted(missing))}")
    return Rule(text, measure, dimensions)


class Indicators:
    """A registry; tests make their own."""

    def __init__(self, indicators: Iterable[Indicator] = ()) -> None:
        self._found: dict[str, Indicator] = {}
        self.register(indicators)

    def register(self, indicators: Iterable[Indicator]) -> None:
        """Raises ValueError for a key declared twice."""
        for indicator in indicators:
            if self._found.setdefault(indicator.key, indicator) is not indicator:
                raise ValueError(f"{indicator.key} is declared twice")

    def get(self, key: str) -> Indicator:
        try:
            return self._found[key]
        except KeyError:
            raise UnknownIndicator(key) from None

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._found.values())

    def all_rules(self) -> list[Rule]:
        """Every rule, once."""
        return list({found.key: found for indicator in self for found in indicator.rules()}.values())


indicators = Indicators()
