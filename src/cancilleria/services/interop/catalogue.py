"""The catalogue of the open data in DCAT, in the profile DCAT-AP, as JSON-LD: what portals of data harvest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from cancilleria.services.interop.packages import LICENCE, Dataset

EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
LANGUAGES = {"es": f"{EU}/language/SPA", "en": f"{EU}/language/ENG", "fr": f"{EU}/language/FRA"}
Node = dict[str, object]


def catalogue(
    datasets: Iterable[Dataset],
    folder: Path,
    *,
    address: str,
    publisher: Mapping[str, str],
    language: str,
    now: datetime,
) -> Node:
    """The catalogue of packages written below `folder` and served below `address`, in the words of one language."""
    agent = f"{address}#publisher"
    tongue: Node = {"@id": LANGUAGES[language]}
    return {
        "@context": CONTEXT, "@id": address, "@type": "dcat:Catalog", "dct:title": _text(publisher["title"], language),
        "dct:description": _text(publisher["description"], language), "dct:language": tongue,
        "dct:license": {"@id": LICENCE["path"]}, "dct:modified": _moment(now), "foaf:homepage": {"@id": address},
        "dct:publisher": {"@id": agent, "@type": "foaf:Agent", "foaf:name": _text(publisher["name"], language)},
        "dcat:dataset": [_dataset(found, folder, address, agent, language, now) for found in datasets],
    }  # fmt: skip


def _dataset(found: Dataset, folder: Path, address: str, agent: str, language: str, now: datetime) -> Node:
    files = [(folder / f"{found.key}.zip", f"{address}{found.key}.zip", "application/zip", "ZIP")]
    files += [
        (folder / found.key / f"{r.name}.csv", f"{address}{found.key}/{r.name}.csv", "text/csv", "CSV")
        for r in found.resources
    ]
    return {
        "@id": f"{address}#{found.key}", "@type": "dcat:Dataset", "dct:identifier": found.key,
        "dct:title": _text(str(found.title), language), "dct:modified": _moment(now),
        "dct:description": _text(f"{found.description} {found.rule}".strip(), language),
        "dcat:keyword": [_text(str(word), language) for word in found.keywords],
        "dcat:theme": {"@id": f"{EU}/data-theme/GOVE"}, "dct:publisher": {"@id": agent},
        "dct:language": {"@id": LANGUAGES[language]}, "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/HOURLY"},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
        "dcat:distribution": [_distribution(*file, page=f"{address}#{found.key}") for file in files],
    }  # fmt: skip


def _distribution(path: Path, address: str, kind: str, name: str, *, page: str) -> Node:
    data = path.read_bytes()
    digest = {"@type": "xsd:hexBinary", "@value": hashlib.sha256(data).hexdigest()}
    return {
        "@id": f"{address}#distribution", "@type": "dcat:Distribution", "dcat:accessURL": {"@id": page},
        "dcat:downloadURL": {"@id": address}, "dct:license": {"@id": LICENCE["path"]},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
        "dct:format": {"@id": f"{EU}/file-type/{name}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(data))},
        "spdx:checksum": {"@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                          "spdx:checksumValue": digest},
    }  # fmt: skip


def _text(value: str, language: str) -> Node:
    return {"@value": value, "@language": language}


def _moment(at: datetime) -> Node:
    return {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")}
