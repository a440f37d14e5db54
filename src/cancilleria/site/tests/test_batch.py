"""A folder of an entity sent as a batch, with real commits and several threads: cut, sent again, reported."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from cancilleria.domains.apostille import actions
from cancilleria.domains.apostille.models import BatchItem
from cancilleria.domains.apostille.tests.cast import ANSWERS, Stage, entity, keys, stage
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.people.models import Entity
from cancilleria.kernel.register.models import Entry
from cancilleria.services.signing.demonstration import sign_as_entity
from cancilleria.site import batch


@pytest.fixture
def scene(fresh_database: str, django_db_blocker: object, tmp_path: Path) -> Iterator[Stage]:
    with django_db_blocker.unblock(), stage(tmp_path) as found:  # type: ignore[attr-defined]
        yield found


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


def folder(tmp_path: Path, **files: bytes) -> Path:
    made = tmp_path / "lote"
    made.mkdir()
    for name, data in files.items():
        (made / f"{name}.pdf").write_bytes(data)
    return made


def signed(count: int) -> dict[str, bytes]:
    """Files of different bytes, each signed by Rosa."""
    return {f"partida{n}": sign_as_entity(keys().scan, keys().rosa, name="ROSA INVENTADA") for n in range(count)}


def test_one_bad_file_stops_nothing_and_the_report_tells_each(scene: Stage, tmp_path: Path) -> None:
    where = folder(
        tmp_path, **signed(3), escaneo=keys().scan, roto=b"%PDF-1.7", grande=b"%PDF-" + bytes(11 * 1024 * 1024)
    )
    lines = batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    assert {line.file: bool(line.number) for line in lines} == {
        "partida0.pdf": True, "partida1.pdf": True, "partida2.pdf": True, "escaneo.pdf": False, "roto.pdf": False,
        "grande.pdf": False,
    }  # fmt: skip
    with (where / batch.REPORT).open(encoding="utf-8") as file:
        told = {row["archivo"]: row["motivo"] for row in csv.DictReader(file)}
    assert "no tiene firma digital" in told["escaneo.pdf"]
    assert "10 MB" in told["grande.pdf"]
    assert "6 archivos, 3 solicitudes" in (where / batch.SUMMARY).read_text(encoding="utf-8")


def test_a_batch_cut_in_the_middle_goes_on_and_nothing_is_twice(
    scene: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = folder(tmp_path, **signed(4))
    whole, left = actions.submit_item, [2]

    def cut(**given: object) -> BatchItem:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return whole(**given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(actions, "submit_item", cut)
        with pytest.raises(KeyboardInterrupt):
            batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    assert Case.objects.count() == 2
    again = batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    assert all(line.number for line in again)
    assert (Case.objects.count(), Entry.objects.filter(verb="batch.received").count()) == (4, 1)


def test_a_manifest_says_what_holds_for_each_file(scene: Stage, tmp_path: Path) -> None:
    where = folder(tmp_path, **signed(3))
    rows = [
        ["file", "destination", "given_names"],
        ["partida0.pdf", "ES", "Bruno"],
        ["partida1.pdf", "", "Ana"],
        ["no-esta.pdf", "ES", ""],
    ]
    with (where / batch.MANIFEST).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    same = {**ANSWERS, "destination": "nada"}
    told = {line.file: line for line in batch.send(where, scene.authority.entity, same, told=quiet)}
    assert told["partida0.pdf"].number
    assert Case.objects.get().answers["given_names"] == "Bruno"
    assert "destination" in told["partida1.pdf"].reason
    assert "manifest.csv" in told["partida2.pdf"].reason
    assert "no está en la carpeta" in told["no-esta.pdf"].reason


def test_what_cannot_be_sent_at_all_is_told_before_anything_is(scene: Stage, tmp_path: Path) -> None:
    where = folder(tmp_path)
    with pytest.raises(batch.CannotSend, match="no hay archivos PDF"):
        batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    (where / "a.pdf").write_bytes(keys().document)
    (where / batch.MANIFEST).write_text("archivo,destino\n", encoding="utf-8")
    with pytest.raises(batch.CannotSend, match="columnas"):
        batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    (where / batch.MANIFEST).unlink()
    batch.send(where, scene.authority.entity, ANSWERS, told=quiet)
    with pytest.raises(batch.CannotSend, match="otra entidad"):
        batch.send(where, entity("Otra"), ANSWERS, told=quiet)
    assert batch.entity_of("registro inventado") == Entity.objects.get(pk=scene.authority.entity_id)
    with pytest.raises(batch.CannotSend, match="No hay una entidad"):
        batch.entity_of("nadie")
