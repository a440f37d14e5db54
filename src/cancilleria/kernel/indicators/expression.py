"""What a figure counts, written as text: `count(case.decided where outcome = "denied" and in_term = true)`.

A measure counts acts of one verb, or adds up one of their facts, under a condition on facts. It compiles to SQL with
parameters; there is no other way to SQL. A fact an act does not have makes its condition unknown, and the act not counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cancilleria.kernel.indicators.measure import All, Any_, Compare, Condition, Measure, Not, OneOf, Value
from cancilleria.kernel.register.verbs import UnknownVerb, Verb, Verbs

TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"]*")|(?P<number>-?\d+)|(?P<word>[a-z_][a-z0-9_.]*)|(?P<sign><=|>=|!=|[=<>(),]))'
)
KINDS = ("count", "sum")
SIGNS = ("=", "!=", "<", "<=", ">", ">=")


class BadExpression(ValueError):
    """The text is not a measure: `at` is the position, the message says what was expected there."""

    def __init__(self, text: str, at: int, expected: str) -> None:
        super().__init__(f"{text!r}, at {at}: expected {expected}")
        self.at = at


def parse(text: str, verbs: Verbs) -> Measure:
    """Read a measure. Raises BadExpression, also for a verb nobody declared or a fact it does not have."""
    return _Reader(text, verbs).measure()


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, verbs: Verbs) -> None:
        self._text, self._verbs = text, verbs
        self._tokens = list(_tokens(text))
        self._at = 0
        self._verb: Verb | None = None

    def measure(self) -> Measure:
        kind = self._take("word", "count or sum", lambda word: word in KINDS)
        self._sign("(")
        named = self._take("word", "a verb")
        code, fact = (named, "") if kind == "count" else (named.rpartition(".")[0], named.rpartition(".")[2])
        try:
            self._verb = self._verbs.get(code)
        except UnknownVerb:
            raise self._bad("a declared verb", back=1) from None
        if fact and self._type(fact) is not int:
            raise self._bad(f"a whole number among the facts of {code}", back=1)
        where = None
        if self._peek() == "where":
            self._at += 1
            where = self._any()
        self._sign(")")
        if self._at != len(self._tokens):
            raise self._bad("the end")
        return Measure(kind, code, fact, where)

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._peek() == "or":
            self._at += 1
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._peek() == "and":
            self._at += 1
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Condition:
        if self._peek() == "not":
            self._at += 1
            return Not(self._one())
        if self._peek() == "(":
            self._at += 1
            inner = self._any()
            self._sign(")")
            return inner
        fact = self._take("word", "a fact")
        type_ = self._type(fact)
        if type_ is None:
            raise self._bad(f"a fact of {self._verb.code if self._verb else ''}", back=1)
        if self._peek() == "in":
            self._at += 1
            self._sign("(")
            values = [self._value(type_)]
            while self._peek() == ",":
                self._at += 1
                values.append(self._value(type_))
            self._sign(")")
            return OneOf(fact, tuple(values))
        sign = self._take("sign", "a comparison", lambda s: s in SIGNS if type_ is int else s in ("=", "!="))
        return Compare(fact, sign, self._value(type_))

    def _value(self, type_: type) -> Value:
        if type_ is bool:
            return self._take("word", "true or false", lambda word: word in ("true", "false")) == "true"
        if type_ is int:
            return int(self._take("number", "a whole number"))
        return self._take("text", "a text in quotation marks")[1:-1]

    def _type(self, fact: str) -> type | None:
        """The type of a fact of the verb, or None when it has no such fact."""
        found = self._verb.facts.model_fields.get(fact) if self._verb else None
        if found is None:
            return None
        spelled = str(found.annotation)
        return bool if "bool" in spelled else int if "int" in spelled else str

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self, kind: str, expected: str, right: Callable[[str], bool] = lambda _: True) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at][0] != kind or not right(self._peek()):
            raise self._bad(expected)
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _sign(self, sign: str) -> None:
        self._take("sign", sign, lambda found: found == sign)

    def _bad(self, expected: str, back: int = 0) -> BadExpression:
        at = self._at - back
        return BadExpression(self._text, self._tokens[at][2] if at < len(self._tokens) else len(self._text), expected)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and position of each token."""
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise BadExpression(text, at, "a word, a number, a text or a sign")
        yield found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
        at = found.end()
