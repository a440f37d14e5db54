"""An attacker with patience: takes every published table and tries every count that agrees with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Var = tuple[object, ...]


@dataclass(frozen=True)
class Sum:
    """What a shown cell tells: these add up (some subtracted) to a value between two bounds."""

    terms: tuple[tuple[Var, int], ...]
    value: int
    or_more: bool = False


def agrees(assigned: Mapping[Var, int], told: Sum, most: int) -> bool:
    """Whether counts from 0 to `most` for what is not assigned can still make the sum."""
    low = high = 0
    for var, sign in told.terms:
        if var in assigned:
            low, high = low + sign * assigned[var], high + sign * assigned[var]
        elif sign > 0:
            high += most
        else:
            low -= most
    return high >= told.value and (told.or_more or low <= told.value)


def another(truth: Mapping[Var, int], told: Sequence[Sum], hidden: Sum, most: int) -> bool:
    """Whether some counts agree with everything told and give the hidden sum another value than the true one."""
    touching: dict[Var, list[Sum]] = {}
    for each in told:
        for var, _ in each.terms:
            touching.setdefault(var, []).append(each)
    order = _outwards([var for var, _ in hidden.terms], touching, truth)
    last = len(hidden.terms)

    def search(at: int, assigned: dict[Var, int]) -> bool:
        if at == last and sum(sign * assigned[var] for var, sign in hidden.terms) == hidden.value:
            return False
        if at == len(order):
            return True
        var = order[at]
        # Values near the truth first: where another answer exists it is usually one step away.
        for value in sorted(range(most + 1), key=lambda tried: abs(tried - truth[var])):
            assigned[var] = value
            if all(agrees(assigned, each, most) for each in touching.get(var, ())) and search(at + 1, assigned):
                return True
            del assigned[var]
        return False

    return search(0, {})


def _outwards(first: Sequence[Var], touching: Mapping[Var, Sequence[Sum]], truth: Mapping[Var, int]) -> list[Var]:
    """The hidden counts, then whatever stands in a sum with them, and so on: nothing else matters."""
    order = list(first)
    for var in order:
        near = sorted(touching.get(var, ()), key=lambda each: len(each.terms))
        order += dict.fromkeys(v for each in near for v, _ in each.terms if v not in order and v in truth)
    return order


def fixed(truth: Mapping[Var, int], told: Sequence[Sum]) -> tuple[dict[Var, int], list[Sum]]:
    """Drop what is told outright: variables shown alone, put into the other sums."""
    alone = {each.terms[0][0]: each.value for each in told if len(each.terms) == 1 and not each.or_more}
    rest = []
    for each in told:
        left = tuple((var, sign) for var, sign in each.terms if var not in alone)
        if left:
            value = each.value - sum(sign * alone[var] for var, sign in each.terms if var in alone)
            rest.append(Sum(left, value, each.or_more))
    return {var: value for var, value in truth.items() if var not in alone}, rest


def recovered(truth: Mapping[Var, int], told: Sequence[Sum], hidden: Iterable[Sum]) -> list[Sum]:
    """Hidden sums that only one value fits."""
    left, rest = fixed(truth, told)
    most = max(left.values(), default=0) + 2
    alone = {var: value for var, value in truth.items() if var not in left}
    found = []
    for each in hidden:
        terms = tuple((var, sign) for var, sign in each.terms if var in left)
        value = each.value - sum(sign * alone[var] for var, sign in each.terms if var in alone)
        if not terms or not another(left, rest, Sum(terms, value), most):
            found.append(each)
    return found
