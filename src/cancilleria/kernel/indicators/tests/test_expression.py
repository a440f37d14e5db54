"""Measures as text: what is read, what is refused and where."""

from __future__ import annotations

import pytest

from cancilleria.kernel.cases.verbs import CASE_DECIDED, CASE_SUBMITTED
from cancilleria.kernel.indicators.declaration import Indicator, Indicators, rule
from cancilleria.kernel.indicators.expression import BadExpression, parse
from cancilleria.kernel.indicators.measure import All, Any_, Compare, Measure, Not, OneOf
from cancilleria.kernel.indicators.sql import matches
from cancilleria.kernel.register.verbs import Verbs

VERBS = Verbs([CASE_DECIDED, CASE_SUBMITTED])


@pytest.mark.parametrize(("text", "read"), [
    ("count(case.decided)", Measure("count", "case.decided")),
    ("sum(case.decided.days where in_term = true)",
     Measure("sum", "case.decided", "days", Compare("in_term", "=", True))),
    ('count(case.decided where outcome in ("granted", "denied") and not days > 3)',
     Measure("count", "case.decided", "", All((OneOf("outcome", ("granted", "denied")), Not(Compare("days", ">", 3)))))),
    ('count(case.decided where procedure = "x" and (days < 1 or days >= 9))',
     Measure("count", "case.decided", "",
             All((Compare("procedure", "=", "x"), Any_((Compare("days", "<", 1), Compare("days", ">=", 9))))))),
])  # fmt: skip
def test_a_measure_is_read_as_it_is_meant(text: str, read: Measure) -> None:
    assert parse(text, VERBS) == read


@pytest.mark.parametrize(("text", "at", "expected"), [
    ("mean(case.decided)", 0, "count or sum"), ("count(case.dreamt)", 6, "a declared verb"),
    ("sum(case.decided.outcome)", 4, "a whole number"), ("count(case.decided where colour = 1)", 25, "a fact of case.decided"),
    ("count(case.decided where days = \"3\")", 32, "a whole number"), ("count(case.decided where outcome < \"a\")", 33, "a comparison"),
    ("count(case.decided where in_term = 1)", 35, "true or false"), ("count(case.decided", 18, "\\)"),
    ("count(case.decided) or 1", 20, "the end"), ("count(case.decided where days = 3; DROP TABLE x)", 33, "a word, a number"),
])  # fmt: skip
def test_what_is_not_a_measure_is_refused_with_its_place(text: str, at: int, expected: str) -> None:
    with pytest.raises(BadExpression, match=expected) as found:
        parse(text, VERBS)
    assert found.value.at == at


def test_values_never_stand_in_the_query() -> None:
    measure = parse('count(case.decided where outcome = "\'; DROP TABLE register_entry; --")', VERBS)
    query = matches(measure)
    assert "DROP" not in query.text
    assert query.params == ["case.decided", "outcome", "'; DROP TABLE register_entry; --"]


def test_another_formula_is_another_rule_and_the_same_is_the_same() -> None:
    one, same = (rule("count(case.decided where days = 1)", ("outcome",), VERBS) for _ in range(2))
    assert one.key == same.key
    assert rule("count(case.decided where days = 2)", ("outcome",), VERBS).key != one.key
    assert rule("count(case.decided where days = 1)", (), VERBS).key != one.key
    with pytest.raises(ValueError, match="has no colour"):
        rule("count(case.decided)", ("colour",), VERBS)


def test_an_indicator_is_declared_once_and_says_where_it_comes_from() -> None:
    found = Indicator("a", "A", "a", "tests", numerator="count(case.decided)")
    with pytest.raises(ValueError, match="declared twice"):
        Indicators([found, Indicator("a", "B", "b", "tests")])
    assert found.source == "register"
    assert Indicator("b", "B", "b", "tests").source == "manual"
