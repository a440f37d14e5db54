"""What the kernel knows of the ministry it serves: given by the profile, never written in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import translation

from cancilleria.kernel.register.doors import Door

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Ministry:
    """`headquarters` is the key of the organ that holds the capital's clock and calendar; the first of `languages` is its
    own, in which it writes; its certificates add the others of `certificate_languages`; `identity_documents` are what a person may show here, by key, in order.
    """

    key: str
    country: str
    headquarters: str
    name: Texts
    country_name: Texts
    authority: Texts
    languages: tuple[str, ...] = ("es", "en")
    certificate_languages: tuple[str, ...] = ("es", "en", "fr")
    identity_documents: Mapping[str, Texts] = field(default_factory=dict)


def in_language(texts: Texts, language: str | None = None) -> str:
    """The text in a language (the reader's), else Spanish."""
    return texts.get((language or translation.get_language() or "es")[:2]) or texts["es"]


def official(texts: Texts) -> str:
    """The text in the ministry's own language, whoever reads."""
    return in_language(texts, ministry().languages[0])


ministry: Door[Ministry] = Door("ministry")
