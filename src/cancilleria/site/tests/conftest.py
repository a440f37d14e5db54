"""The stage on which pages are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from cancilleria.domains.apostille.tests.cast import Stage


@pytest.fixture
def plain_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of files without the manifest that `collectstatic` writes."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    monkeypatch.setitem(settings.STORAGES, "staticfiles", plain)


@pytest.fixture
def scene(db: None, plain_names: None, tmp_path: Path) -> Iterator[Stage]:
    """Rosa registered, Ana at the desk, nothing counted against anybody's tries."""
    from cancilleria.domains.apostille.tests.cast import stage  # noqa: PLC0415 - models exist once Django is ready

    cache.clear()
    with stage(tmp_path) as found:
        yield found
