"""Words a password may not lean on: those of the house and of whoever chooses it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.people.rules import fold

# How many characters of its own a password has beside the words of the house.
OWN = 8


class NotOfTheHouse:
    """Refuses a password that is mostly the name of the ministry, the State, the program or the person."""

    def validate(self, password: str, user: object = None) -> None:
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < OWN:
            raise ValidationError(self.get_help_text(), code="password_of_the_house")

    def get_help_text(self) -> str:
        return str(_("No use el nombre de su institución, de su país ni el suyo."))

    @staticmethod
    def _words(user: object) -> set[str]:
        found = ministry()
        texts = ["cancilleria", "despacho", "password", "contrasena", *_names(found.name), *_names(found.country_name),
                 getattr(user, "email", "")]  # fmt: skip
        return {word for text in texts for word in fold(text).split() if len(word) > 3}


class NotLeaked:
    """Refuses a password of the operator's list of leaked ones (CANCILLERIA_LEAKED_PASSWORDS), which is searched where it lies."""

    def validate(self, password: str, user: object = None) -> None:
        listed = settings.LEAKED_PASSWORDS
        if listed and stands_in(listed, hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
            raise ValidationError(self.get_help_text(), code="password_leaked")

    def get_help_text(self) -> str:
        return str(_("Esa clave apareció en una filtración pública: elija otra."))


def stands_in(listed: Path, digest: str) -> bool:
    """Whether a line begins with the digest, by halving a file whose lines are in order: some tens of reads whatever its size."""
    wanted = digest.encode()
    with listed.open("rb") as file:
        low, high = 0, listed.stat().st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()
            if line and line[: len(wanted)].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        file.seek(low)
        if low:
            file.readline()
        return file.readline()[: len(wanted)].upper() == wanted


def _names(names: object) -> list[str]:
    return list(names.values()) if isinstance(names, dict) else [str(names)]
