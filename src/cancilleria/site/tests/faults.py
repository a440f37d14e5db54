"""Breaks an act on purpose: any of its statements, any of its writes to the disk, its commit; and looks at what is left."""

# ruff: noqa: S608 - names of tables that the database gives

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from django.db import OperationalError, connection

from cancilleria.kernel.register.checker import check_numbers
from cancilleria.services.store.files import FileStore
from cancilleria.services.store.tasks import sweep

REFUSED, DIED, DONE_AND_DIED = "refused", "died", "done, then died"
STATEMENTS = (REFUSED, DIED, DONE_AND_DIED)
ERRORS = (errno.ENOSPC, errno.EIO)
TABLES = "SELECT format('%I', relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
NEVER = -1


@dataclass
class Statements:
    """Counts what is sent to the database and breaks statement number `at`."""

    at: int = NEVER
    kind: str = REFUSED
    seen: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen - 1 != self.at:
            return execute(sql, params, many, context)
        if self.kind == DONE_AND_DIED:
            execute(sql, params, many, context)
        if self.kind != REFUSED:
            context["connection"].connection.close()
        raise OperationalError(f"broken on purpose: {self.kind}")


@dataclass
class Disk:
    """Counts what is asked of the disk and breaks request number `at`; a write that fails has written half."""

    at: int = NEVER
    error: int = errno.ENOSPC
    seen: int = 0

    def ask(self) -> None:
        self.seen += 1
        if self.seen - 1 == self.at:
            raise OSError(self.error, os.strerror(self.error))

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        fsync, rename, mkdir, opened = os.fsync, Path.rename, Path.mkdir, Path.open

        def before(real: Callable[..., Any]) -> Callable[..., Any]:
            def asked(*given: Any, **named: Any) -> Any:
                self.ask()
                return real(*given, **named)

            return asked

        def opening(path: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
            if "w" not in mode:
                return opened(path, mode, *given, **named)
            self.ask()
            return _Writing(opened(path, mode, *given, **named), self)

        with (
            mock.patch("os.fsync", before(fsync)),
            mock.patch.object(Path, "rename", before(rename)),
            mock.patch.object(Path, "mkdir", before(mkdir)),
            mock.patch.object(Path, "open", opening),
        ):
            yield


@dataclass
class _Writing:
    """A file opened for writing whose `write` may fail half way."""

    file: Any
    disk: Disk

    def write(self, data: bytes) -> int:
        try:
            self.disk.ask()
        except OSError:
            self.file.write(data[: len(data) // 2])
            raise
        return int(self.file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *raised: object) -> None:
        self.file.close()


@dataclass
class Breaker:
    """Runs acts with faults. `outside` sees every committed row; `share` of the faults is tried, all of them at 1."""

    outside: psycopg.Connection
    store: FileStore
    chance: random.Random
    share: float
    tried: int = 0
    told: dict[str, int] = field(default_factory=dict)

    def everything(self) -> str:
        """One digest of every committed row of every table, but for when a gateway was last asked."""
        tables = [row[0] for row in self.outside.execute(TABLES)]
        asked = " UNION ALL ".join(
            f"SELECT '{name}', count(*)::text || coalesce(md5(string_agg(row, '|' ORDER BY row)), '') FROM "
            f"(SELECT (to_jsonb(t) - 'asked_at')::text AS row FROM {name} t) r"
            for name in tables
        )
        return hashlib.sha256(repr(sorted(self.outside.execute(asked).fetchall())).encode()).hexdigest()

    def orphans(self) -> set[str]:
        """What lies in the store after the sweep and no row refers to; and rows without their whole file."""
        sweep(self.store, older_than=-1)
        rows = {row[0] for row in self.outside.execute("SELECT sha256 FROM documents_blob")}
        held = {path.name for path in self.store.folder.rglob("*") if path.is_file()}
        return (held - rows) | {row for row in rows if not self.store.is_whole(row)}

    def breaks(
        self, name: str, act: Callable[[], object], known: tuple[type[Exception], ...] = (), *, once: bool = True
    ) -> None:
        """Try every fault of an act, then lose the acknowledgement of its commit and ask again.

        `known` are the answers of an act that was done already; without one it must give the same answer again. What is
        no act, and may be done again, is not `once`.
        """
        self.orphans()
        before = self.everything()
        self._counted(act)  # what an instance looks up once and keeps is looked up now
        statements, writes = self._counted(act)
        self._absent(before, name)
        faults: list[tuple[Statements, Disk]] = [
            (Statements(at, kind), Disk()) for at in range(statements) for kind in STATEMENTS
        ] + [(Statements(), Disk(at, error)) for at in range(writes) for error in ERRORS]
        chosen = [fault for fault in faults if self.chance.random() < self.share]
        for sent, disk in chosen:
            self._attempt(act, sent, disk)
            self._absent(before, f"{name}: {sent} {disk}")
        self.tried += len(chosen) + 2
        self.told[name] = statements + writes
        self._lost_answer(act)
        after = self.everything()
        assert after != before, f"{name}: committed, and nothing is there"
        if once:
            with contextlib.suppress(*known):
                act()
            assert self.everything() == after, f"{name}: done twice"
        assert check_numbers() == [], name
        assert self.orphans() == set(), name

    def _counted(self, act: Callable[[], object]) -> tuple[int, int]:
        """How many statements and writes it has: it is broken at its commit, before the database hears of it."""
        sent, disk = Statements(), Disk()
        with mock.patch.object(connection, "_commit", side_effect=OperationalError("no commit")):
            self._attempt(act, sent, disk)
        return sent.seen, disk.seen

    def _lost_answer(self, act: Callable[[], object]) -> None:
        """The database commits and its answer is lost."""
        commit = connection._commit

        def lost() -> None:
            commit()
            connection.connection.close()
            raise OperationalError("the answer is lost")

        with mock.patch.object(connection, "_commit", lost):
            self._attempt(act, Statements(), Disk())

    @staticmethod
    def _attempt(act: Callable[[], object], sent: Statements, disk: Disk) -> None:
        try:
            with connection.execute_wrapper(sent), disk.watched():
                act()
        except (OperationalError, OSError):
            pass
        else:
            raise AssertionError(f"a fault went by: {sent} {disk}")
        finally:
            connection.close()

    def _absent(self, before: str, what: str) -> None:
        assert self.everything() == before, f"half there: {what}"
        assert self.orphans() == set(), what
