"""Fills the registries and opens the kernel's doors: the one place where every room is known."""

from __future__ import annotations

import tomllib

from django.conf import settings

from cancilleria.kernel.cases import verbs as case_verbs
from cancilleria.kernel.organs import verbs as organ_verbs
from cancilleria.kernel.people import verbs as people_verbs
from cancilleria.kernel.register import doors
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.verbs import verbs

VERBS = (*organ_verbs.VERBS, *people_verbs.VERBS, *case_verbs.VERBS)


class CodeSecret:
    """The secret behind tracking and verification codes, from the key ring."""

    def code_secret(self) -> str:
        return settings.CODE_SECRET


def profile() -> dict[str, object]:
    """`profile.toml` of the ministry this installation serves."""
    return tomllib.loads((settings.PROFILE_FOLDER / "profile.toml").read_text(encoding="utf-8"))


def assemble() -> None:
    """Called once, when Django is ready."""
    verbs.register(VERBS)
    doors.log_origin.open(str(profile()["log_origin"]))
    doors.log_files.open(Folder(settings.HOME / "registro"))
    doors.secrets.open(CodeSecret())
