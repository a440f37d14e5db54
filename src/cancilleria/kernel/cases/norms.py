"""The norm of a procedure: TOML of the profile, read with messages that name the file and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import translation

from cancilleria.kernel.cases.terms import CLOCKS
from cancilleria.kernel.organs.profile import BadProfile, read_toml

# What a norm may leave out, and what then holds: working days but `keep_days`, which are days of the calendar.
NUMBERS = {"correction_days": 2, "extension_days": 0, "appeal_days": 15, "appeal_term_days": 30, "keep_days": 90}
TEXTS = ("title", "summary", "who", "where", "need", "proves", "term_text", "fee_text", "silence_text")


@dataclass(frozen=True)
class Norm:
    """`texts` by name, then language; `organ` decides; `term_days` are working days of `clock`.

    A person has `correction_days` to correct what is observed, more by the `distance_days` of the country they live in
    (`*` for any other), and `appeal_days` to appeal, which `appeal_organ` decides in `appeal_term_days`.
    `organs`, keys or `kind:<kind of organ>`, each handle what is asked for at their own window, and there nobody else does.
    `fees` are the keys of the tariff's lines a request owes; snapshots of before the tariff have none.
    """

    key: str
    code: str
    legal_basis: str
    organ: str
    term_days: int
    clock: str
    silence: str
    valid_from: date
    source: str
    reason: str
    texts: Mapping[str, Mapping[str, str]]
    words: tuple[str, ...]
    correction_days: int = NUMBERS["correction_days"]
    extension_days: int = NUMBERS["extension_days"]
    appeal_days: int = NUMBERS["appeal_days"]
    appeal_term_days: int = NUMBERS["appeal_term_days"]
    keep_days: int = NUMBERS["keep_days"]
    appeal_organ: str = ""
    organs: tuple[str, ...] = ()
    distance_days: Mapping[str, int] = field(default_factory=dict)
    fees: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """In the reader's language, else Spanish."""
        found = self.texts[name]
        return found.get((translation.get_language() or "es")[:2]) or found["es"]


def read_norm(path: Path) -> Norm:
    """Raises BadProfile naming the file and the entry that is missing or unusable."""
    return norm_from(read_toml(path), path.name)


def norm_from(found: Mapping[str, object], name: str = "") -> Norm:
    """The norm in a table such as a profile's file or a stored snapshot."""
    try:
        texts = found["texts"]
        if not isinstance(texts, dict) or any("es" not in texts[key] for key in TEXTS):
            raise KeyError("texts")
        words = found["words"]
        values: dict[str, Any] = {
            **{key: str(found[key]) for key in ("key", "code", "legal_basis", "organ", "clock", "source", "reason")},
            "silence": str(found["silence"]),
            "term_days": int(str(found["term_days"])),
            **{key: int(str(found.get(key, default))) for key, default in NUMBERS.items()},
        }
        norm = Norm(
            **values, valid_from=date.fromisoformat(str(found["valid_from"])), texts=texts,
            words=_words(words), fees=_words(found.get("fees")),
            appeal_organ=str(found.get("appeal_organ", "")), distance_days=_distances(found.get("distance_days", {})),
            organs=_words(found.get("organs")),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise BadProfile(f"{name}: falta o no sirve {error}. Compare con otro archivo de procedures/.") from error
    if norm.clock not in CLOCKS or norm.silence not in ("positive", "negative"):
        raise BadProfile(f"{name}: clock es uno de {', '.join(CLOCKS)} y silence es positive o negative.")
    return norm


def _words(found: object) -> tuple[str, ...]:
    return tuple(map(str, found if isinstance(found, list | tuple) else ()))


def _distances(found: object) -> dict[str, int]:
    return {str(country): int(str(days)) for country, days in found.items()} if isinstance(found, dict) else {}


def decides_at(norm: Norm, organ: str, kind: str) -> bool:
    """Whether an organ handles what is asked for at its own window."""
    return organ in norm.organs or f"kind:{kind}" in norm.organs


def as_json(norm: Norm) -> dict[str, object]:
    """What a snapshot keeps; `norm_from` reads it back."""
    return {
        **{k: v for k, v in vars(norm).items() if k not in ("valid_from", "words", "organs", "fees")},
        "valid_from": norm.valid_from.isoformat(),
        "words": list(norm.words),
        # Left out when empty: norms of before say nothing of them, and are the same norms.
        **({"organs": list(norm.organs)} if norm.organs else {}),
        **({"fees": list(norm.fees)} if norm.fees else {}),
    }
