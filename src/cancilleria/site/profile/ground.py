"""What every loader of the profile stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.profile import Difference


@dataclass(frozen=True)
class Ground:
    """Who loads, which profile with which digest, and the key of the headquarters."""

    actor: Actor
    profile: str
    digest: str
    headquarters: str

    @property
    def home(self) -> Organ:
        return Organ.objects.get(pk=self.headquarters)


def lines_of(what: str, found: Difference) -> Iterator[str]:
    """A difference as a line for people; nothing when there is none."""
    if found:
        yield f"{what}: {len(found.added)} altas, {len(found.changed)} cambios, {len(found.closed)} cierres"
