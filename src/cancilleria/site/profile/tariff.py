"""What things cost: lines of the tariff, factors and means of each organ, exemptions of the law. Each row has source and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from cancilleria.kernel.organs.profile import BadProfile, Parse, Row, day, numbers, read_csv, text, words
from cancilleria.services.fees.actions import Rewritten, load_tariff
from cancilleria.services.fees.rules import MEANS, ROUNDING, NotAnAmount, denominations, minor
from cancilleria.site.profile.ground import Ground


def begins(value: str) -> date:
    return date.fromisoformat(value)


def factor(value: str) -> Decimal:
    return Decimal(value).quantize(Decimal("0.00000001"))


def one_of(known: object) -> Parse:
    def parse(value: str) -> object:
        return {word: word for word in known}[value]  # type: ignore[attr-defined]

    return parse


DATES: Mapping[str, Parse] = {"source": text, "valid_from": begins, "valid_to": day}
TABLES: Mapping[str, Mapping[str, Parse]] = {
    "tariff": {
        "key": text, "unit": text, "amount": text, "refundable": words, "name_es": text, "name_en": text,
        "legal_basis": text, **DATES,
    },
    "rates": {
        "organ": text, "unit": text, "currency": text, "factor": factor, "rounding": one_of(ROUNDING),
        "step": lambda value: numbers(value)[0], **DATES,
    },
    "means": {"organ": text, "means": one_of(MEANS), "currency": text, "pieces": text, **DATES},
    "exemptions": {
        "key": text, "lines": words, "field": text, "value": text, "name_es": text, "name_en": text, "legal_basis": text,
        **DATES,
    },
}  # fmt: skip
# Three letters as in ISO 4217; an invented ministry may have a currency that is not in it.
CURRENCY = re.compile(r"[A-Z]{3}")
NAMES = {
    "tariff": ("key",),
    "rates": ("organ", "unit", "currency"),
    "means": ("organ", "means"),
    "exemptions": ("key",),
}


def read(folder: Path) -> dict[str, list[Row]]:
    """The rows of each file; one that is missing has none. Raises BadProfile for two prices on one day."""
    found = {}
    for kind, columns in TABLES.items():
        path = folder / f"{kind}.csv"
        found[kind] = [_whole(kind, row, path) for row in read_csv(path, columns)] if path.exists() else []
        _one_a_day(found[kind], NAMES[kind], path)
    return found


def bring(found: dict[str, list[Row]], ground: Ground) -> Iterator[str]:
    for kind, rows in found.items():
        try:
            added, closed = load_tariff(actor=ground.actor, organ=ground.home, kind=kind, rows=rows)
        except Rewritten as error:
            raise BadProfile(
                f"{kind}.csv: {error}. Lo ya vigente no se reescribe: cierre la fila y añada otra desde un día nuevo."
            ) from error
        if added or closed:
            yield f"tarifario, {kind}: {added} altas, {closed} cierres"


def _whole(kind: str, row: Row, path: Path) -> Row:
    """Amounts in minor units of their own unit."""
    try:
        if kind == "tariff":
            return {**row, "amount": minor(str(row["amount"]), str(row["unit"]))}
        if kind == "means":
            if not CURRENCY.fullmatch(str(row["currency"])):
                raise NotAnAmount(str(row["currency"]))
            return {**row, "pieces": list(denominations(str(row["pieces"]).split(), str(row["currency"])))}
    except NotAnAmount as error:
        raise BadProfile(f"{path.name}: {error} no es un importe de su unidad. Corríjalo y repita.") from error
    return row


def _one_a_day(rows: list[Row], names: tuple[str, ...], path: Path) -> None:
    last: dict[tuple[object, ...], date] = {}
    for row in sorted(rows, key=lambda row: str(row["valid_from"])):
        key = tuple(row[name] for name in names)
        start, end = row["valid_from"], row["valid_to"] or date.max
        if key in last and start <= last[key]:  # type: ignore[operator]
            raise BadProfile(f"{path.name}: {' '.join(map(str, key))} tiene dos filas el {start}. Cierre la anterior.")
        last[key] = end  # type: ignore[assignment]
