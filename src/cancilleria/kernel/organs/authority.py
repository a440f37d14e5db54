"""Who may do what, where: authority is a posting with the powers of its post, at its organ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone, translation

from cancilleria.kernel.organs.models import Posting


class NotAuthorised(PermissionError):
    """The actor lacks the power, or has it at another organ."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts or looks. `key` is the posting's, or `public`, or `system:<what>`; `organ` is where the posting is."""

    key: str
    organ: str | None = None
    powers: frozenset[str] = frozenset()
    name: str = ""
    title: str = ""

    @property
    def is_officer(self) -> bool:
        return self.organ is not None

    def may(self, power: str, organ: str | None = None) -> bool:
        """Whether this actor holds `power`, at `organ` when one is named. `*` after a power reaches every organ."""
        if organ is None or organ == self.organ:
            return power in self.powers or f"{power}*" in self.powers
        return f"{power}*" in self.powers


Viewer = Actor
CITIZEN = Actor("public")
SYSTEM = Actor("system:worker")


def require(actor: Actor, power: str, organ: str | None = None) -> None:
    """Raise NotAuthorised unless the actor holds the power there. The system acts on what an officer ordered."""
    if actor is not SYSTEM and not actor.may(power, organ):
        raise NotAuthorised(f"{actor.key} lacks {power} at {organ or 'any organ'}")


def actor_for(posting: Posting) -> Actor:
    """The posting as an actor; its title in the language of whoever reads."""
    post, english = posting.post, (translation.get_language() or "es").startswith("en")
    title = post.title_en if english else post.title_es
    return Actor(posting.key, post.organ_id, frozenset(post.powers), posting.officer.name, title)


def actor_of_officer(officer: str, *, on: date | None = None) -> Actor | None:
    """The officer's actor on a day (today, UTC), or None when they serve nowhere."""
    day = on or timezone.now().date()
    current = Q(from_date__lte=day) & (Q(to_date=None) | Q(to_date__gte=day))
    found = Posting.objects.filter(current, officer=officer).select_related("officer", "post").first()
    return actor_for(found) if found else None


def actor_of_key(key: str) -> Actor | None:
    """Whoever acted under a posting's key, if it is in force today."""
    day = timezone.now().date()
    current = Q(from_date__lte=day) & (Q(to_date=None) | Q(to_date__gte=day))
    found = Posting.objects.filter(current, pk=key).select_related("officer", "post").first()
    return actor_for(found) if found else None
