"""What a kind of organ can never do, which acts take two persons, how a signature reads: data of the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cancilleria.kernel.organs.doors import Texts
from cancilleria.kernel.organs.models import KINDS
from cancilleria.kernel.organs.profile import BadProfile, read_toml
from cancilleria.kernel.register.doors import Door


@dataclass(frozen=True)
class Limit:
    """Powers a kind of organ never holds, whatever its posts say, and why. `apostille.` stands for all that begin so."""

    powers: tuple[str, ...]
    reason: Texts
    source: str = ""

    def reaches(self, power: str) -> bool:
        plain = power.removesuffix("*")
        return any(plain == found or (found.endswith(".") and plain.startswith(found)) for found in self.powers)


@dataclass(frozen=True)
class HouseRules:
    """`two_persons` are verbs that need a second person; `signatures` say how a name reads in a cover, by its kind.

    `reads_per_hour` is how many persons and cases an officer opens within an hour before the auditor is told; 0 for no limit.
    """

    two_persons: frozenset[str] = frozenset()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    signatures: Mapping[str, str] = field(default_factory=dict)
    reads_per_hour: int = 0

    def allowed(self, kind: str, powers: Iterable[str]) -> frozenset[str]:
        """The powers that an organ of this kind can hold."""
        limit = self.limits.get(kind)
        return frozenset(power for power in powers if limit is None or not limit.reaches(power))

    def signature(self, cover: str, name: str) -> str:
        """The line under an act done in a cover of that kind: the name, marked as the profile says."""
        return self.signatures.get(cover, "{name}").format(name=name)


house_rules: Door[HouseRules] = Door("house rules")


def read_rules(folder: Path) -> HouseRules:
    """`two_persons`, `reads_per_hour` and `[signatures]` of `profile.toml`, and the limits of `kinds.toml`, which may be missing.

    Raises BadProfile naming the file and what to mend.
    """
    found = read_toml(folder / "profile.toml")
    two, signatures = found.get("two_persons", []), found.get("signatures", {})
    if not isinstance(two, list) or not isinstance(signatures, dict):
        raise BadProfile("profile.toml: two_persons es una lista de actos y signatures una tabla de textos. Corríjalo.")
    reads = found.get("reads_per_hour", 0)
    if not isinstance(reads, int) or reads < 0:
        raise BadProfile("profile.toml: reads_per_hour es un número entero, 0 para no avisar. Corríjalo.")
    path = folder / "kinds.toml"
    kinds = read_toml(path) if path.exists() else {}
    return HouseRules(frozenset(two), {kind: _limit(kind, row) for kind, row in kinds.items()}, signatures, reads)


def _limit(kind: str, row: object) -> Limit:
    if kind not in KINDS or not isinstance(row, dict) or not {"never", "reason", "source"} <= row.keys():
        raise BadProfile(f"kinds.toml: {kind} debe ser una clase de órgano con never, reason y source. Corríjalo.")
    return Limit(tuple(row["never"]), row["reason"], row["source"])
