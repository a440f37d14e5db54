"""What grows and what does not, drawn: one line for each step, both axes logarithmic, as SVG for the documentation. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 250, 56, 48
INKS = ("#7a1f2b", "#1d4f7c", "#1f6b45", "#7d5600", "#5f5850")
DASHES = ("none", "8 4", "2 3", "10 3 2 3", "5 5")
Points = Mapping[str, Sequence[tuple[int, float]]]


def drawn(title: str, points: Points, *, across: str, up: str) -> str:
    """An SVG with title and description; a line is told by ink, dashes and its name at its end."""
    sizes = sorted({size for line in points.values() for size, _ in line})
    values = [value for line in points.values() for _, value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    begins, ends = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        return LEFT + (math.log10(size) - begins) / ((ends - begins) or 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - low) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}"',
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<title>{escape(title)}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf7"/>',
        f'<text x="{LEFT}" y="28" font-size="17" font-family="Georgia, serif" fill="#1c1a19">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 10}" fill="#5f5850">{escape(across)}</text>',
        f'<text x="{LEFT}" y="{TOP - 10}" fill="#5f5850">{escape(up)}</text>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#d9d3c9"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#5f5850">{10.0**power:,g}</text>')
    parts += [
        f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#5f5850">{size:,}</text>'
        for size in sizes
    ]
    names = _apart({name: y(line[-1][1]) for name, line in points.items()})
    for (name, line), ink, dash in zip(points.items(), INKS, DASHES, strict=False):
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in line)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{names[name] + 4:.1f}" fill="{ink}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _apart(places: Mapping[str, float], least: float = 16) -> dict[str, float]:
    """Heights of names, moved down until none lies on another."""
    found: dict[str, float] = {}
    for name in sorted(places, key=lambda name: places[name]):
        found[name] = max(places[name], *(at + least for at in found.values())) if found else places[name]
    return found
