"""What everybody may read without asking for anybody: procedures, organs, published figures."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from cancilleria.kernel.cases.norms import Norm
from cancilleria.kernel.cases.queries import offered
from cancilleria.kernel.indicators.declaration import Indicator, UnknownIndicator, indicators
from cancilleria.kernel.indicators.figures import rounded
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.indicators.periods import text_of
from cancilleria.kernel.indicators.published import Published, opened, published, wholes
from cancilleria.kernel.indicators.queries import figure_of
from cancilleria.kernel.organs.models import Organ as OrganRow
from cancilleria.kernel.organs.queries import names_of, open_organs
from cancilleria.kernel.people.rules import fold
from cancilleria.services.interop.paging import MOST, cursor_of, place_of
from cancilleria.services.interop.problems import Problem
from cancilleria.site.api.shapes.catalogue import (
    Cell,
    IndicatorShape,
    IndicatorWhole,
    Organ,
    PageOf,
    Procedure,
    ProcedureWhole,
)
from cancilleria.site.figures.open_data import group_names
from cancilleria.site.views.figures import newest_of

router = Router(tags=["catalogue"])
COUNTRY = re.compile(r"[A-Z]{2}")


@router.get("/procedures", response=list[Procedure], url_name="api_procedures", summary=_("Trámites que se ofrecen"))
def procedures(request: HttpRequest, q: str = Query("", max_length=100)) -> list[Procedure]:
    """Every procedure in force, or those that everyday words find."""
    return [Procedure(**_procedure(norm)) for norm in find_procedures(q)]


@router.get("/procedures/{key}", response=ProcedureWhole, url_name="api_procedure", summary=_("Un trámite"))
def procedure(request: HttpRequest, key: str) -> ProcedureWhole:
    """Requirements, term, fee and legal basis of a procedure."""
    return procedure_whole(key)


@router.get("/organs", response=PageOf[Organ], url_name="api_organs", summary=_("Órganos de la red"))
def organs(
    request: HttpRequest, q: str = Query("", max_length=60), cursor: str = "", limit: int = Query(50, ge=1, le=MOST)
) -> PageOf[Organ]:
    """Open organs in the order of their codes; `q` finds a name or a city, or is a country's code in capitals."""
    return find_organs(q, cursor, limit)


@router.get("/organs/{code}", response=Organ, url_name="api_organ", summary=_("Un órgano"))
def organ(request: HttpRequest, code: str) -> Organ:
    """The open organ of a code, such as it stands in numbers."""
    found = open_organs().filter(code=code).first()
    if found is None:
        raise Problem("not-found")
    return _organ(found, names_of([found.key])[found.key])


@router.get("/indicators", response=list[IndicatorShape], url_name="api_indicators", summary=_("Cifras publicadas"))
def indicators_list(request: HttpRequest) -> list[IndicatorShape]:
    """Every published figure with its newest period."""
    return published_indicators()


@router.get("/indicators/{key}", response=IndicatorWhole, url_name="api_indicator", summary=_("Una cifra publicada"))
def indicator(request: HttpRequest, key: str, period: str = Query("", max_length=20)) -> IndicatorWhole:
    """One figure over one published period, the newest unless another is named, with its tables as they were published."""
    return indicator_whole(key, period)


def find_procedures(text: str) -> list[Norm]:
    """Norms in force whose title, summary or everyday words have every word of the text."""
    wanted = fold(text).split()
    return [norm for norm in offered() if all(word[: max(4, len(word) - 2)] in _words(norm) for word in wanted)]


def procedure_whole(key: str) -> ProcedureWhole:
    """Raises Problem not-found."""
    norm = next((norm for norm in offered() if norm.key == key), None)
    if norm is None:
        raise Problem("not-found")
    return ProcedureWhole(
        **_procedure(norm), who=norm.text("who"), where=norm.text("where"), need=norm.text("need"), proves=norm.text("proves"),
        term=norm.text("term_text"), fee=norm.text("fee_text"), silence=norm.text("silence_text"),
        legal_basis=norm.legal_basis, source=norm.source, valid_from=norm.valid_from, organ=norm.organ,
    )  # fmt: skip


def find_organs(text: str, cursor: str, limit: int) -> PageOf[Organ]:
    """A page of open organs; the names of all are read once, whatever the page."""
    found = open_organs()
    if COUNTRY.fullmatch(text):
        found = found.filter(country=text)
    elif text:
        names = names_of(found.values_list("key", flat=True))
        wanted = fold(text)
        keys = [o.key for o in found if wanted in fold(f"{names[o.key]} {o.city}")]
        found = found.filter(key__in=keys)
    if cursor:
        found = found.filter(code__gt=place_of(cursor, 1)[0])
    rows = list(found[: limit + 1])
    names = names_of(o.key for o in rows[:limit])
    following = cursor_of(rows[limit - 1].code) if len(rows) > limit else None
    return PageOf[Organ](items=[_organ(o, names[o.key]) for o in rows[:limit]], next=following)


def published_indicators() -> list[IndicatorShape]:
    """The newest period of each published figure, by code."""
    first: dict[str, Closure] = {}
    for closure in sorted(published(), key=lambda c: (c.end, c.size), reverse=True):
        first.setdefault(closure.indicator, closure)
    whole = wholes(list(first.values()))
    known = {found.key: found for found in indicators}
    rows = [_indicator(known[key], closure, whole[closure.pk]) for key, closure in first.items() if key in known]
    return sorted((IndicatorShape(**row) for row in rows), key=lambda row: row.code)


def indicator_whole(key: str, period: str) -> IndicatorWhole:
    """Raises Problem not-found for a figure, or a period, that was not published."""
    try:
        found = indicators.get(key)
    except UnknownIndicator:
        raise Problem("not-found") from None
    newest = newest_of(published(indicator=key))
    chosen = next((c for c in newest if not period or text_of(c.start, c.end) == period), None)
    if chosen is None or chosen.published is None:
        raise Problem("not-found")
    held = opened(chosen)
    return IndicatorWhole(
        **_indicator(found, chosen, held.whole), periods=[text_of(c.start, c.end) for c in newest],
        rules=[text for text, _ in chosen.rules], log_size=chosen.size, acts_digest=chosen.acts_digest,
        published_at=chosen.published.recorded_at, cells=_cells(found, held),
    )  # fmt: skip


def _procedure(norm: Norm) -> dict[str, str]:
    page = settings.ADDRESS + reverse("procedure", kwargs={"key": norm.key})
    return {
        "key": norm.key,
        "code": norm.code,
        "title": norm.text("title"),
        "summary": norm.text("summary"),
        "page": page,
    }


def _words(norm: Norm) -> str:
    return fold(" ".join([norm.text("title"), norm.text("summary"), *norm.words]))


def _organ(found: OrganRow, name: str) -> Organ:
    return Organ(
        key=found.key, code=found.code, kind=found.kind, name=name, country=found.country, city=found.city,
        zone=found.zone, opens=f"{found.opens:%H:%M}", closes=f"{found.closes:%H:%M}", parent=found.parent_id,
    )  # fmt: skip


def _indicator(found: Indicator, closure: Closure, counts: list[list[int]] | None) -> dict[str, object]:
    state, value = _value(found, counts)
    page = settings.ADDRESS + reverse("figure", kwargs={"key": found.key})
    return {
        "key": found.key, "code": found.code, "name": str(found.name), "unit": found.unit, "page": page,
        "period": text_of(closure.start, closure.end), "state": state, "value": value,
    }  # fmt: skip


def _value(found: Indicator, counts: list[list[int]] | None) -> tuple[str, str | None]:
    if counts is None:
        return "hidden", None
    if not counts:
        return "not-reported", None
    value = rounded(figure_of(found, [(n, total) for n, total in counts]).value, 4)
    return ("published", str(value)) if value is not None else ("nothing", None)


def _cells(found: Indicator, held: Published) -> list[Cell]:
    names = {table: group_names(held, table) for table in sorted({name for name, *_rest in held.cells})}
    rows = []
    for (table, group, start, end), counts in sorted(held.cells.items(), key=lambda item: item[0]):
        state, value = _value(found, counts)
        name = names[table].get(group, group)
        rows.append(Cell(table=table, group=group, name=name, period=text_of(start, end), state=state, value=value))
    return rows
