"""Points of small charts, drawn as SVG by the templates: no library to load, and every chart stands beside its table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 88.0, 30.0


@dataclass(frozen=True)
class Bar:
    """One bar of a chart 100 wide and 100 high; what is unknown has no height and is told apart."""

    x: float
    width: float
    height: float
    label: str
    shown: str
    known: bool

    @property
    def y(self) -> float:
        return round(100 - self.height, 2)


def sparkline(values: Sequence[float | None]) -> list[str]:
    """Pieces of a line, as `points` of a polyline: it breaks where a value is unknown."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = WIDTH / max(len(values) - 1, 1)
    pieces: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{at * step:.1f},{HEIGHT - 4 - (value - low) / span * (HEIGHT - 8):.1f}")
    # A piece of one point would not show: it is drawn as a short line.
    return [" ".join(piece if len(piece) > 1 else [piece[0], piece[0]]) for piece in pieces if piece]


def bars(labels: Sequence[str], values: Sequence[float | None], shown: Sequence[str]) -> list[Bar]:
    """A bar for each value, the highest as high as the chart; from zero, so that lengths may be compared."""
    top = max([value for value in values if value is not None], default=0.0) or 1.0
    step = 100 / max(len(values), 1)
    return [
        Bar(round(at * step + step * 0.15, 2), round(step * 0.7, 2), round(100 * (value or 0.0) / top, 2), label, text,
            value is not None)
        for at, (label, value, text) in enumerate(zip(labels, values, shown, strict=True))
    ]  # fmt: skip


MAP_WIDTH, MAP_HEIGHT, NORTH, SPAN = 960, 440, 84.0, 144.0


@dataclass(frozen=True)
class Dot:
    """A place on the world's outline (`land.svg`), as big as its value; what is unknown is drawn hollow."""

    x: float
    y: float
    radius: float
    label: str
    shown: str
    known: bool


def dot(latitude: float, longitude: float, *, share: float, label: str, shown: str, known: bool) -> Dot:
    """`share` is the part of the greatest value, from 0 to 1; the area of the dot follows it."""
    x, y = (longitude + 180) / 360 * MAP_WIDTH, (NORTH - latitude) / SPAN * MAP_HEIGHT
    return Dot(round(x, 1), round(y, 1), round(4 + 14 * max(share, 0.0) ** 0.5, 1), label, shown, known)
