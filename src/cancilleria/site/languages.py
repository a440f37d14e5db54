"""The languages of the ministry, in its order: the reader's own if it is one of them, else the first."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.middleware import locale

from cancilleria.kernel.organs.profile import BadProfile, read_toml

# Spanish is the source; a language more is a catalogue more (DECISIONS 23).
NAMES = {"es": "Español", "en": "English"}


def languages_of(folder: Path) -> list[tuple[str, str]]:
    """Code and own name of each. Raises BadProfile when the profile names none, or one nobody has translated to."""
    found = read_toml(folder / "profile.toml").get("languages")
    if not isinstance(found, list) or not found or set(found) - set(NAMES):
        raise BadProfile(f"profile.toml: languages es una lista de {', '.join(NAMES)}.")
    return [(code, NAMES[code]) for code in found]


class LocaleMiddleware(locale.LocaleMiddleware):
    """Whoever asks for no language of ours, or for any, reads the first."""

    def process_request(self, request: HttpRequest) -> None:
        first = settings.LANGUAGES[0][0]
        asked = request.META.get("HTTP_ACCEPT_LANGUAGE", "").replace("*", first)
        request.META["HTTP_ACCEPT_LANGUAGE"] = ",".join(filter(None, (asked, f"{first};q=0.001")))
        super().process_request(request)
