"""What documents need from above: a place for bytes, and somebody who reads signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cancilleria.kernel.register.doors import Door


class BlobStore(Protocol):
    """Content-addressed bytes."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their hex SHA-256 once they are on disk."""
        ...

    def get(self, sha256: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def delete(self, sha256: str) -> None: ...


class Inspector(Protocol):
    """Reads a received file in a child process."""

    @property
    def function(self) -> str:
        """`module:function`, called in the child as `function(data, given)` and returning `Inspection.as_json()`."""
        ...

    def given(self) -> Mapping[str, object]:
        """JSON the function needs: the certificates of the authorities it may trust."""
        ...


blobs: Door[BlobStore] = Door("blobs")
inspector: Door[Inspector] = Door("inspector")
