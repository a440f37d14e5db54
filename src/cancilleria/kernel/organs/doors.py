"""What the kernel knows of the ministry it serves: given by the profile, never written in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation

from cancilleria.kernel.register.doors import Door

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Ministry:
    """`headquarters` is the key of the organ that holds the capital's clock and calendar."""

    key: str
    country: str
    headquarters: str
    name: Texts
    country_name: Texts
    authority: Texts


def in_language(texts: Texts, language: str | None = None) -> str:
    """The text in a language (the reader's), else Spanish."""
    return texts.get((language or translation.get_language() or "es")[:2]) or texts["es"]


ministry: Door[Ministry] = Door("ministry")
