"""A long request: ten pages, a hundred questions and a hundred rules, read and judged as at submission."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import date

from tests.bench.rows import Row

from cancilleria.kernel.cases.forms import form_for
from cancilleria.kernel.cases.procedures import (
    CHOICE,
    DATE,
    EMAIL,
    NUMBER,
    TEXT,
    Check,
    Field,
    Page,
    Problem,
    Procedure,
    Request,
)

PAGES, QUESTIONS, TURNS = 10, 10, 40
GIVEN = {TEXT: "Inventada", EMAIL: "carla@utopia.example", NUMBER: "12", DATE: "2026-03-01", CHOICE: "b"}


def rows() -> Iterator[Row]:
    procedure = _long()
    answers = {f.name: GIVEN[f.kind] for f in procedure.fields()}
    request = Request(answers, {}, date(2026, 11, 25))
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        forms = [form_for(page, data=answers) for page in procedure.pages]
        assert all(form.is_valid() for form in forms)
        assert procedure.problems(request) == []
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20)[-1]
    yield Row(f"{PAGES} pages, {PAGES * QUESTIONS} rules, read and judged, p95", p95, None, "ms", "<= 100", p95 <= 100)


def _long() -> Procedure:
    kinds = list(GIVEN)
    pages = tuple(
        Page(f"p{page}", "Página", tuple(
            Field(f"f{page}_{n}", "Pregunta", kinds[n % len(kinds)], choices=lambda: (("a", "A"), ("b", "B")))
            for n in range(QUESTIONS)
        ))
        for page in range(PAGES)
    )  # fmt: skip
    return Procedure("long", pages, {page.key: _rules(page) for page in pages}, "long.decide")


def _rules(page: Page) -> Check:
    """One rule a question, each looking at two answers."""

    def check(request: Request) -> Iterable[Problem]:
        for found in page.fields:
            other = request.answers[page.fields[0].name]
            if not request.answers[found.name] or (found.kind == TEXT and request.answers[found.name] != other):
                yield Problem(found.name, "missing", "")

    return check
