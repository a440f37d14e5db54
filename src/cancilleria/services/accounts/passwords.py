"""Words a password may not lean on: those of the house and of whoever chooses it."""

from __future__ import annotations

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


def _names(names: object) -> list[str]:
    return list(names.values()) if isinstance(names, dict) else [str(names)]
