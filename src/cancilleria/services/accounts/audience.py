"""Who an address is for. A view that does not say is not found: silence is never permission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Audience:
    """`public`, or officers; `power` is what their post must hold, None for any officer."""

    public: bool = False
    power: str | None = None


EVERYONE = Audience(public=True)


def officers(power: str | None = None) -> Audience:
    return Audience(power=power)


def audience(who: Audience) -> Callable[[View], View]:
    """Declare for whom a view answers."""

    def declare(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return declare


def audience_of(view: Callable[..., object]) -> Audience | None:
    found = getattr(view, "audience", None)
    return found if isinstance(found, Audience) else None
