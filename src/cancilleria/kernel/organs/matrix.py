"""Who may do what at an organ on a day, and why: the table its head reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cancilleria.kernel.organs.authority import covers_on, in_force, postings_on
from cancilleria.kernel.organs.limits import Limit, house_rules
from cancilleria.kernel.organs.models import Cover, Organ, Post, Posting, SecondOfficer
from cancilleria.kernel.organs.models.posts import ACTING, LEAVE

# Why somebody may, or may not: by their post, from another office, by confirming; withheld in a cover, not for this kind.
OWN, AFAR, CONFIRMS, WITHHELD, LIMITED = "own", "afar", "confirms", "withheld", "limited"
YES = frozenset({OWN, ACTING, LEAVE, AFAR, CONFIRMS})


@dataclass(frozen=True)
class Holder:
    """A person in one capacity: `how` they come to act here, from when to when, and why of each power (`whys`)."""

    officer: str
    name: str
    post: Post
    how: str
    from_date: date
    to_date: date | None
    whys: Mapping[str, str]

    def may(self, power: str) -> bool:
        return self.whys.get(power) in YES


@dataclass(frozen=True)
class Matrix:
    """Holders and the powers any of them has, with the limit of the organ's kind, if it has one."""

    powers: tuple[str, ...]
    holders: tuple[Holder, ...]
    limit: Limit | None


def matrix_of(organ: Organ, day: date) -> Matrix:
    """The matrix of an organ on a day. Postings and covers are that day's; the powers of each post, today's."""
    limit = house_rules().limits.get(organ.kind)
    holders = tuple(_holders(organ, day, limit))
    return Matrix(tuple(sorted({power for holder in holders for power in holder.whys})), holders, limit)


def _holders(organ: Organ, day: date, limit: Limit | None) -> Iterator[Holder]:
    own, covers = postings_on(day).filter(post__organ=organ), covers_on(day).filter(post__organ=organ)
    for posting in own.order_by("post__key", "officer__first_surname"):
        whys = _whys(posting.post.powers, OWN, limit)
        yield _holder(posting, OWN, whys)
    for cover in covers:
        whys = _whys(cover.post.powers, cover.kind, limit) | dict.fromkeys(map(_plain, cover.withheld), WITHHELD)
        yield _holder(cover, cover.kind, whys)
    named = SecondOfficer.objects.filter(in_force(day), organ=organ)
    for second in named.select_related("posting__officer", "posting__post"):
        whys = dict.fromkeys(sorted(house_rules().two_persons), CONFIRMS)
        post, officer = second.posting.post, second.posting.officer
        yield Holder(officer.key, officer.name, post, CONFIRMS, second.from_date, second.to_date, whys)
    everywhere = {
        post.key: reach
        for post in Post.objects.exclude(organ=organ)
        if (reach := [power for power in post.powers if power.endswith("*")])
    }
    for posting in postings_on(day).filter(post__in=everywhere).order_by("post__key"):
        yield _holder(posting, AFAR, _whys(everywhere[posting.post_id], AFAR, None))


def _holder(found: Posting | Cover, how: str, whys: Mapping[str, str]) -> Holder:
    officer, post = found.officer, found.post
    return Holder(officer.key, officer.name, post, how, found.from_date, found.to_date, whys)


def _whys(powers: Iterable[str], why: str, limit: Limit | None) -> dict[str, str]:
    return {_plain(power): LIMITED if limit and limit.reaches(power) else why for power in powers}


def _plain(power: str) -> str:
    return power.removesuffix("*")
