"""The norm of a procedure: TOML of the profile, read with messages that name the file and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import translation

from cancilleria.kernel.cases.rules import CLOCKS
from cancilleria.kernel.organs.profile import BadProfile, read_toml

TEXTS = ("title", "summary", "who", "where", "need", "proves", "term_text", "fee_text", "silence_text")


@dataclass(frozen=True)
class Norm:
    """`texts` by name, then language; `organ` decides; `term_days` are working days of `clock`."""

    key: str
    code: str
    legal_basis: str
    organ: str
    term_days: int
    clock: str
    fee_amount: int
    fee_currency: str
    silence: str
    valid_from: date
    source: str
    reason: str
    texts: Mapping[str, Mapping[str, str]]
    words: tuple[str, ...]

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
        norm = Norm(
            **{key: str(found[key]) for key in ("key", "code", "legal_basis", "organ", "clock", "source", "reason")},
            term_days=int(str(found["term_days"])),
            fee_amount=int(str(found["fee_amount"])),
            fee_currency=str(found["fee_currency"]),
            silence=str(found["silence"]),
            valid_from=date.fromisoformat(str(found["valid_from"])),
            texts=texts,
            words=tuple(map(str, words if isinstance(words, list) else ())),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadProfile(f"{name}: falta o no sirve {error}. Compare con otro archivo de procedures/.") from error
    if norm.clock not in CLOCKS or norm.silence not in ("positive", "negative"):
        raise BadProfile(f"{name}: clock es uno de {', '.join(CLOCKS)} y silence es positive o negative.")
    return norm


def as_json(norm: Norm) -> dict[str, object]:
    """What a snapshot keeps; `norm_from` reads it back."""
    return {
        **{k: v for k, v in vars(norm).items() if k not in ("valid_from", "words")},
        "valid_from": norm.valid_from.isoformat(),
        "words": list(norm.words),
    }
