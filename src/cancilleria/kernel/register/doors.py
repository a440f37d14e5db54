"""Doors: what the kernel needs from above is declared here as a Protocol; `site` opens each with an implementation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from cancilleria.kernel.register.tiles import Folder

T = TypeVar("T")


class DoorClosed(RuntimeError):
    """Nobody gave an implementation for this door."""


class Door(Generic[T]):
    """Holds one implementation, given at start."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._inside: T | None = None

    def open(self, implementation: T) -> None:
        self._inside = implementation

    def __call__(self) -> T:
        if self._inside is None:
            raise DoorClosed(self.name)
        return self._inside

    @contextmanager
    def held(self, implementation: T) -> Iterator[T]:
        """Another implementation for the length of a test."""
        before, self._inside = self._inside, implementation
        try:
            yield implementation
        finally:
            self._inside = before


class TaskQueue(Protocol):
    """Work to be done after commit, kept in the same transaction as the act that asks for it."""

    def defer(self, name: str, **ids: str) -> None:
        """Queue the task `name`. Arguments are ids only, never personal data."""
        ...


class Secrets(Protocol):
    """Secrets from which codes are derived."""

    def code_secret(self) -> str: ...


log_origin: Door[str] = Door("log origin")
log_files: Door[Folder] = Door("log files")
former_files: Door[Callable[[str], Folder]] = Door("files of closed logs")  # by origin
tasks: Door[TaskQueue] = Door("tasks")
secrets: Door[Secrets] = Door("secrets")
