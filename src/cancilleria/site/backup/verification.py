"""A backup that has not been restored counts as no backup: restore the newest one elsewhere, check it, keep the result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cancilleria.site.backup.place import Place, copy_files
from cancilleria.site.backup.restoring import CannotRestore, published_size, restore
from cancilleria.site.database import server
from cancilleria.site.keys import write_secret
from cancilleria.site.supervisor import PROGRAM

RESULT = "respaldo.json"
DUE = timedelta(days=7)


@dataclass(frozen=True)
class Result:
    """When a backup was last restored for trial, whether everything agreed, and what was told."""

    at: datetime
    good: bool
    told: str


def verify(home: Path, place: Place, cluster: server.Cluster) -> Result:
    """Restore as far as the archive goes into a temporary folder, with this installation's keys, and run the checker.

    Good when the checker finds nothing and everything that was published before the trial is there.
    """
    published = published_size(home)
    if cluster.data.exists():
        server.finish_segment(cluster)
    copy_files(home, place.files)
    folder = Path(tempfile.mkdtemp(prefix="cancilleria-ensayo-"))
    try:
        shutil.copytree(home / "claves", folder / "claves")
        good, told = _try(place, folder, published)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result = Result(datetime.now(UTC), good, told)
    kept = {"at": result.at.isoformat(), "good": good, "told": told}
    write_secret(home / RESULT, json.dumps(kept, ensure_ascii=False).encode())
    return result


def last(home: Path) -> Result | None:
    """The last trial's result; None when there was none."""
    try:
        found = json.loads((home / RESULT).read_text(encoding="utf-8"))
        return Result(datetime.fromisoformat(found["at"]), bool(found["good"]), str(found["told"]))
    except (OSError, ValueError, KeyError):
        return None


def is_due(home: Path, now: datetime) -> bool:
    """Weekly, and at once when there was no trial yet."""
    found = last(home)
    return found is None or now - found.at > DUE


def _try(place: Place, folder: Path, published: int) -> tuple[bool, str]:
    try:
        done = restore(place, folder, None)
    except (CannotRestore, OSError) as error:
        return False, str(error)
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    given |= {"CANCILLERIA_HOME": str(folder), "CANCILLERIA_BACKUP": ""}
    checked = subprocess.run([*PROGRAM, "check"], env=given, capture_output=True, text=True, check=False)
    told = (checked.stdout + checked.stderr).strip()
    return checked.returncode == 0 and published <= done.rows, told
