"""Languages: those of the profile, in its order; the reader's own first."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation

from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.site.environment import PROFILES
from cancilleria.site.languages import LocaleMiddleware, languages_of

ENGLISH_FIRST = [("en", "English"), ("es", "Español")]


def opened_in(asked: str | None) -> str:
    """The language a page opens in for a browser that asks so."""
    headers = {} if asked is None else {"accept-language": asked}
    seen: list[str] = []

    def respond(request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language() or "")
        return HttpResponse()

    with translation.override("es"):
        LocaleMiddleware(respond)(RequestFactory().get("/", headers=headers))
    return seen[0]


@pytest.mark.parametrize(
    ("asked", "opened"),
    [(None, "en"), ("de", "en"), ("de, es;q=0.5", "es"), ("*", "en"), ("es-AR, en;q=0.5", "es"), ("en", "en")],
)
@override_settings(LANGUAGES=ENGLISH_FIRST)
def test_a_page_opens_in_the_readers_language_else_in_the_ministrys_first(asked: str | None, opened: str) -> None:
    assert opened_in(asked) == opened


def test_a_ministry_of_another_order_opens_in_its_own() -> None:
    with override_settings(LANGUAGES=ENGLISH_FIRST[::-1]):
        assert (opened_in("de"), opened_in("en")) == ("es", "en")


def test_languages_are_the_profiles_and_one_nobody_translated_to_is_refused(tmp_path: Path) -> None:
    assert languages_of(PROFILES / "utopia") == ENGLISH_FIRST
    (tmp_path / "profile.toml").write_text('languages = ["en", "la"]')
    with pytest.raises(BadProfile, match="languages"):
        languages_of(tmp_path)
