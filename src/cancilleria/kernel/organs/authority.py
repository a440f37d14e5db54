"""Who may do what, where: authority is a posting, or a cover, with the powers of its post, at its organ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, F, Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Now
from django.utils import translation

from cancilleria.kernel.organs.limits import house_rules
from cancilleria.kernel.organs.models import Cover, Officer, Organ, Post, Posting

COVER = "cover:"
Day = date | Combinable


class NotAuthorised(PermissionError):
    """The actor lacks the power, or has it at another organ."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts or looks. `key` is the posting's or the cover's, or `public`, or `system:<what>`.

    `organ` is where the posting is and `officer` who serves in it. `keeps` are closed organs whose books this one keeps: its
    powers reach them. `watches` are organs this one supervises: it sees their cases and does nothing with them.
    """

    key: str
    organ: str | None = None
    powers: frozenset[str] = frozenset()
    name: str = ""
    title: str = ""
    officer: str = ""
    keeps: frozenset[str] = frozenset()
    watches: frozenset[str] = frozenset()

    @property
    def is_officer(self) -> bool:
        return self.organ is not None

    @property
    def sees(self) -> frozenset[str]:
        """Organs whose cases this actor's own organ deals with, besides itself."""
        return self.keeps | self.watches

    def may(self, power: str, organ: str | None = None) -> bool:
        """Whether this actor holds `power`, at `organ` when one is named. `*` after a power reaches every organ."""
        if organ is None or organ == self.organ or organ in self.keeps:
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
    return _actor(posting.key, posting.post, posting.officer, posting.post.powers)


def actor_covering(cover: Cover) -> Actor:
    """The cover as an actor: the powers of the post it covers, without those it withholds."""
    return _actor(cover.key, cover.post, cover.officer, set(cover.post.powers) - set(cover.withheld))


def actor_of_officer(officer: str, *, on: date | None = None, capacity: str = "") -> Actor | None:
    """The officer's actor on a day, or None when they serve nowhere. Without a day, today where each post is.

    `capacity` names the cover they chose to act in; a cover that is over, or not theirs, leaves them in their own posting.
    """
    served = postings_on(on).filter(officer=officer).first()
    if served is None:
        return None
    covering = covers_on(on).filter(officer=officer, pk=capacity).first() if capacity else None
    return actor_covering(covering) if covering else actor_for(served)


def actor_of_key(key: str) -> Actor | None:
    """Whoever acted under a posting's or a cover's key, if it is in force today and its officer still serves."""
    if key.startswith(COVER):
        covering = covers_on().filter(pk=key).first()
        serves = covering is not None and postings_on().filter(officer=covering.officer_id).exists()
        return actor_covering(covering) if covering and serves else None
    served = postings_on().filter(pk=key).first()
    return actor_for(served) if served else None


def in_force(day: Day) -> Q:
    """Rows with from_date and to_date that hold on a day."""
    return Q(from_date__lte=day) & (Q(to_date=None) | Q(to_date__gte=day))


def today_at(organ: str) -> Cast:
    """Today in the zone of the organ at that path of a query: `post__organ`. A post's day begins at its own midnight."""
    return Cast(Func(F(f"{organ}__zone"), Now(), function="timezone"), DateField())


def covers_on(day: date | None = None) -> QuerySet[Cover]:
    """Covers in force on a day, or today where their post is, at organs that are open then."""
    found = Cover.objects.filter(_held(day)).select_related("officer", "post__organ")
    return found.order_by("from_date", "pk")


def postings_on(day: date | None = None) -> QuerySet[Posting]:
    """Postings in force on a day, or today where their post is, at organs that are open then."""
    return Posting.objects.filter(_held(day)).select_related("officer", "post__organ")


def _held(day: date | None) -> Q:
    """In force that day, and at an organ that is open: nobody acts at a closed one."""
    on: Day = day or today_at("post__organ")
    return in_force(on) & (Q(post__organ__closed_on=None) | Q(post__organ__closed_on__gt=on))


def _actor(key: str, post: Post, officer: Officer, powers: Iterable[str]) -> Actor:
    english = (translation.get_language() or "es").startswith("en")
    keeps, watches = _bound(post.organ_id)
    return Actor(
        key, post.organ_id, house_rules().allowed(post.organ.kind, powers), officer.name,
        post.title_en if english else post.title_es, officer.key, keeps, watches,
    )  # fmt: skip


def _bound(organ: str) -> tuple[frozenset[str], frozenset[str]]:
    """Closed organs whose books an organ keeps, through every successor before it, and organs it supervises."""
    keeps: set[str] = set()
    watches: set[str] = set()
    asked = {organ}
    while asked:
        rows = Organ.objects.filter(Q(successor__in=asked) | Q(supervised_by__in=asked))
        found = list(rows.values_list("key", "successor", "supervised_by"))
        watches |= {key for key, _, supervisor in found if supervisor in asked}
        asked = {key for key, successor, _ in found if successor in asked} - keeps
        keeps |= asked
    return frozenset(keeps), frozenset(watches - keeps)
