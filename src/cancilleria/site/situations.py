"""What brings people to the portal, in the words of the ministry's profile: each leads to an address of the site."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import NoReverseMatch, reverse

from cancilleria.kernel.organs.doors import in_language
from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.site.composition import profile


def situations() -> Sequence[tuple[str, str]]:
    """Address and sentence of each, in the reader's language. Raises BadProfile naming the one that leads nowhere."""
    return [(_address(row), in_language(row)) for row in profile().get("situation", [])]


def _address(row: dict[str, str]) -> str:
    try:
        return reverse(row["to"], kwargs={"key": row["key"]} if "key" in row else {})
    except (KeyError, NoReverseMatch) as error:
        raise BadProfile(f"profile.toml: la situación {row} no lleva a ninguna página.") from error
