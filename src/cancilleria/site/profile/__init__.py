"""Loads a ministry's profile: reads every file, shows the difference, brings the database to it (DECISIONS 19).

One module for each kind of data: `read(folder)` parses and refuses, `bring(found, ground)` writes and tells what changed.
All files are read before anything is written.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from cancilleria.kernel.organs.actions import stored_network
from cancilleria.kernel.organs.authority import SYSTEM, Actor
from cancilleria.kernel.organs.profile import Difference, compare, digest_of
from cancilleria.site.profile import certifiers, network, norms, parties, plan, posts, states, tariff
from cancilleria.site.profile.ground import Ground

# In the order in which each may lean on those before.
LOADERS = (network, posts, states, parties, certifiers, tariff, norms, plan)


def load(folder: Path, *, headquarters: str, actor: Actor = SYSTEM, dry_run: bool = False) -> list[str]:
    """Bring the database to the profile in `folder`. Returns one line for each thing that changed, or would with `dry_run`.

    Raises BadProfile, with nothing changed, when a file cannot be used.
    """
    ground = Ground(actor, folder.name, digest_of(folder), headquarters)
    found = [(loader, loader.read(folder)) for loader in LOADERS]
    with transaction.atomic():
        lines = [line for loader, read in found for line in loader.bring(read, ground)]
        transaction.set_rollback(dry_run)
    return lines


def differences(folder: Path) -> Difference:
    """What loading would do to the organs, without doing it: `serve` only warns."""
    return compare(stored_network(), network.read(folder).organs)
