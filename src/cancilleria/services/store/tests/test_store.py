"""Bytes on disk: whole or not there, and swept when nobody refers to them."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from cancilleria.kernel.documents import doors, intake
from cancilleria.kernel.documents.models import Blob
from cancilleria.kernel.documents.rules import MAX_BYTES, Refused
from cancilleria.kernel.testing.cast import PDF, on_stage
from cancilleria.services.store.files import FileStore
from cancilleria.services.store.tasks import DAY_SECONDS, sweep


def age(store: FileStore, sha256: str) -> None:
    old = time.time() - DAY_SECONDS - 60
    os.utime(store.folder / sha256[:2] / sha256[2:4] / sha256, (old, old))


def test_bytes_are_kept_once_under_their_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    sha256 = store.put(b"hola")
    assert store.put(b"hola") == sha256
    assert store.get(sha256) == b"hola"
    assert store.is_whole(sha256)
    (tmp_path / sha256[:2] / sha256[2:4] / sha256).write_bytes(b"adios")
    assert not store.is_whole(sha256)
    assert not store.is_whole("../../etc/passwd")
    with pytest.raises(ValueError, match="not a digest"):
        store.get("../../etc/passwd")


def test_a_full_disk_is_left_without_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        FileStore(tmp_path).put(b"hola")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_the_sweeper_takes_what_nobody_refers_to_and_leaves_the_rest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with on_stage(), doors.blobs.held(store):
        kept = intake.take_in(PDF, title="Carta")
        dropped = intake.take_in(PDF + b"%", title="Otra")
        (held,), (gone,) = (list(d.versions.values_list("blob", flat=True)) for d in (kept, dropped))
        orphan = store.put(b"written before a crash")
        fresh = store.put(b"written just now")
        intake.discard(dropped)
        for sha256 in (held, gone, orphan):
            age(store, sha256)
        assert set(sweep(store)) == {gone, orphan}
        assert store.get(held) == PDF
        assert store.get(fresh)
        assert list(Blob.objects.values_list("pk", flat=True)) == [held]


@pytest.mark.parametrize(("data", "code"), [
    (b"", "empty"), (b"GIF89a", "media_type"), (b"<svg onload=alert(1)>", "media_type"), (b"PK\x03\x04", "media_type"),
    (b"%PDF-" + bytes(MAX_BYTES), "too_big"),
])  # fmt: skip
def test_what_is_not_on_the_list_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as found:
        intake.take_in(data, title="x")
    assert found.value.code == code
    assert found.value.message.count(".") >= 2
