"""What people bring as text: the folder of an older system, a batch's manifest, a profile, an assistant's message."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, Field

from cancilleria.kernel.documents.actions import NotImportable
from cancilleria.kernel.organs.profile import DECREED_COLUMNS, ORGAN_COLUMNS, BadProfile, read_csv, read_toml
from cancilleria.services.interop.mcp import Server, Tool
from cancilleria.site import batch
from cancilleria.site.imports import folder as folders


class Asked(BaseModel):
    """Arguments as a tool of ours has them."""

    text: str = Field(max_length=40)
    number: int = 1


SERVER = Server("Cancillería", "1", "", [Tool("echo", "Echo", "", Asked, lambda asked: {"text": asked.text})])


def import_folder(data: bytes) -> None:
    """The same table as the acts and as the books of a folder, and every row of it."""
    with tempfile.TemporaryDirectory() as name, suppress(folders.BadFolder):
        (Path(name) / folders.ACTS).write_bytes(data)
        (Path(name) / folders.BOOKS).write_bytes(data)
        source = folders.read(Path(name), "sistema anterior")
        for row in source.rows:
            for read in (folders.act_of, folders.file_of):
                with suppress(NotImportable):
                    read(source, row)


def manifest(data: bytes) -> None:
    """The manifest of a batch and the mark of one sent before."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / batch.MANIFEST).write_bytes(data)
        (Path(name) / batch.MARK).write_bytes(data)
        with suppress(batch.CannotSend):
            batch.manifest_in(Path(name))
        with suppress(batch.CannotSend):
            batch.mark_in(Path(name))


def profile(data: bytes) -> None:
    """Tables and declarations of a ministry."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        for columns in (ORGAN_COLUMNS, DECREED_COLUMNS):
            with suppress(BadProfile):
                list(read_csv(Path(file.name), columns))
        with suppress(BadProfile):
            read_toml(Path(file.name))


def assistant(data: bytes) -> None:
    """One answer that is JSON, or none."""
    answer = SERVER.answer(data)
    assert answer is None or json.dumps(answer)
