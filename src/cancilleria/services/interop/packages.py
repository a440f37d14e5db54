"""Open data as Frictionless Data Packages: tables in CSV, what each column is in `datapackage.json`, and all of it in a zip."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cancilleria.kernel.register.tiles import Folder
from cancilleria.services.ui.cells import cell

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LICENCE = {
    "name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"
}  # fmt: skip
Row = Sequence[str | int | Decimal | None]


@dataclass(frozen=True)
class Column:
    """`kind` is a type of Table Schema: string, integer, number, date, yearmonth."""

    name: str
    title: StrOrPromise
    kind: str = "string"
    required: bool = True


@dataclass(frozen=True)
class Resource:
    """One table; `rows` are read when it is written, and `key` names the columns that tell a row apart."""

    name: str
    title: StrOrPromise
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Row]]
    key: Sequence[str]


@dataclass(frozen=True)
class Dataset:
    """One package. `rule` says what is left out, or is less exact, to protect people; empty when nothing is about them."""

    key: str
    title: StrOrPromise
    description: StrOrPromise
    rule: StrOrPromise
    keywords: Sequence[StrOrPromise]
    resources: Sequence[Resource]


def write(dataset: Dataset, folder: Path, *, address: str, now: datetime) -> None:
    """Write the tables, their description and the zip below `folder`. `address` is where the folder is served."""
    files = {f"{resource.name}.csv": _csv(resource) for resource in dataset.resources}
    described = json.dumps(_package(dataset, files, address, now), ensure_ascii=False, indent=1).encode()
    whole = {"datapackage.json": described, **files}
    Folder(folder / dataset.key).publish(whole)
    Folder(folder).publish({f"{dataset.key}.zip": _zip(whole, now)})


def _csv(resource: Resource) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow([column.name for column in resource.columns])
    for row in resource.rows():
        lines.writerow([cell(value) if isinstance(value, str) else "" if value is None else value for value in row])
    return out.getvalue().encode()


def _zip(files: Mapping[str, bytes], now: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _package(dataset: Dataset, files: Mapping[str, bytes], address: str, now: datetime) -> dict[str, object]:
    told = f"{dataset.description} {dataset.rule}".strip()
    return {
        "profile": "tabular-data-package", "name": dataset.key, "title": str(dataset.title), "description": told,
        "homepage": address, "created": now.isoformat(timespec="seconds"), "licenses": [LICENCE],
        "keywords": [str(word) for word in dataset.keywords],
        "resources": [_resource(resource, files[f"{resource.name}.csv"]) for resource in dataset.resources],
    }  # fmt: skip


def _resource(resource: Resource, data: bytes) -> dict[str, object]:
    fields = [
        {
            "name": column.name,
            "title": str(column.title),
            "type": column.kind,
            "constraints": {"required": column.required},
        }
        for column in resource.columns
    ]
    return {
        "profile": "tabular-data-resource", "name": resource.name, "title": str(resource.title),
        "path": f"{resource.name}.csv", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": fields, "primaryKey": list(resource.key)},
    }  # fmt: skip
