"""A folder of an older system: what is good comes in under its own number, what is bad is told, and nothing twice."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.db import DatabaseError, transaction
from django.test import Client

from cancilleria.domains.apostille.actions import issue_on_paper
from cancilleria.domains.apostille.tests.cast import WHOLE, Stage, by_hand, keys
from cancilleria.kernel.documents.actions import NotImportable, begin_book
from cancilleria.kernel.indicators.declaration import Indicator
from cancilleria.kernel.indicators.declaration import indicators as declared
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.register.checker import check_numbers
from cancilleria.kernel.register.models import Book, BookStart, Entry, Imported
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.site.imports.folder import BadFolder, Source, read
from cancilleria.site.imports.running import AGAIN, DONE, REFUSED, Outcome, run, write_report

COLUMNS = ("number", "date", "organ", "verb", "file", "destination", "kind")
GOOD = ("AP-77/2019", "2019-05-31", HEADQUARTERS, "apostille.issued", "a.pdf", "ES", "civil_registry")
PLAIN = ("AP-78/2019", "2019-06-01", HEADQUARTERS, "apostille.issued")
BAD = (
    ("AP-1", "31/05/2019", HEADQUARTERS, "apostille.issued"), ("AP-2", "2019-05-31", "organ:none", "apostille.issued"),
    ("AP-3", "2019-05-31", HEADQUARTERS, "apostille.sold"), ("AP-4", "2019-05-31", HEADQUARTERS, "notice.sent"),
    ("", "2019-05-31", HEADQUARTERS, "apostille.issued"), ("AP-6", "2999-05-31", HEADQUARTERS, "apostille.issued"),
    ("AP-7", "2019-05-31", HEADQUARTERS, "apostille.issued", "../secreto.pdf"),
    ("AP-8", "2019-05-31", HEADQUARTERS, "apostille.issued", "roto.pdf"), ("AP-9\x00", "2019-05-31", "o\x00", "x"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "viejo"
    found.mkdir()
    (tmp_path / "secreto.pdf").write_bytes(keys().scan)
    (found / "a.pdf").write_bytes(keys().scan)
    (found / "roto.pdf").write_bytes(b"no es un PDF")
    return found


def source(folder: Path, *rows: tuple[str, ...], books: str = "") -> Source:
    with (folder / "actos.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    if books:
        (folder / "libros.csv").write_text(f"organ,book,year,last\n{books}\n", encoding="utf-8")
    return read(folder, "SISTEMA-VIEJO")


def results(found: list[Outcome]) -> list[str]:
    return [outcome.result for outcome in found]


def test_one_bad_row_loses_nothing_and_is_told_why(scene: Stage, folder: Path) -> None:
    found = run(source(folder, GOOD, *BAD, PLAIN), SYSTEM)
    assert results(found) == [DONE, *[REFUSED] * len(BAD), DONE]
    assert all(outcome.reason for outcome in found[1:-1])
    write_report(found, folder / "informe.csv")
    assert len(list(csv.reader((folder / "informe.csv").open(encoding="utf-8")))) == len(BAD) + 3
    first = Imported.objects.select_related("entry").get(number="AP-77/2019")
    assert (first.system, first.row, first.performed_on) == ("SISTEMA-VIEJO", 2, date(2019, 5, 31))
    # It has no number of ours, and its day is the one it had.
    assert (first.entry.verb, first.entry.book, first.entry.number) == ("act.imported", None, None)
    assert first.entry.performed_at.year == 2019
    assert (first.entry.public["old_number"], first.entry.public["system"]) == ("AP-77/2019", "SISTEMA-VIEJO")
    assert first.document is not None


def test_the_same_folder_again_changes_nothing_and_an_interrupted_one_goes_on(scene: Stage, folder: Path) -> None:
    verify_action(lambda: run(source(folder, GOOD), SYSTEM), records=["act.imported"])
    again = verify_action(lambda: run(source(folder, GOOD, PLAIN), SYSTEM), records=["act.imported"])
    assert results(again) == [AGAIN, DONE]
    changed = (*GOOD[:5], "FR", GOOD[6])
    assert results(run(source(folder, changed), SYSTEM)) == [REFUSED]
    trial = (PLAIN[0] + "-B", *PLAIN[1:])
    assert results(run(source(folder, trial), SYSTEM, dry_run=True)) == [DONE]
    assert Imported.objects.count() == 2


def test_a_book_goes_on_where_the_old_one_ended(scene: Stage, folder: Path) -> None:
    year = date.today().year  # noqa: DTZ011
    given = source(folder, books=f"{HEADQUARTERS},apostille,{year},4711")
    verify_action(lambda: run(given, SYSTEM), records=["book.begun"])
    assert results(run(given, SYSTEM)) == [AGAIN]
    assert check_numbers() == []
    made = issue_on_paper(
        actor=scene.ana, case=scene.paper(), specimen=by_hand(), comparison=WHOLE, form=scene.form()
    )  # fmt: skip
    assert made.entry.number == 4712
    assert check_numbers() == []
    with pytest.raises(NotImportable, match="book_in_use"):
        begin_book(actor=SYSTEM, organ=Organ.objects.get(pk=HEADQUARTERS), kind="apostille", year=year, after=9999)
    with pytest.raises(DatabaseError, match="begins at one"), transaction.atomic():
        Book.objects.create(organ=HEADQUARTERS, kind="legalisation", year=year, last_number=10)
    assert BookStart.objects.count() == 1


def test_figures_count_imported_acts_only_when_they_name_them(scene: Stage, folder: Path) -> None:
    run(source(folder, GOOD, PLAIN), SYSTEM)
    own = [rule.measure.verb for rule in declared.all_rules()]
    assert "act.imported" not in own
    named = Indicator("x", "X", "X", "x", numerator='count(act.imported where of = "apostille.issued")')
    assert named.rules()[0].measure.verb == "act.imported"
    assert Entry.objects.filter(verb="act.imported", facts__of="apostille.issued").count() == 2


def test_verification_finds_it_and_says_what_it_proves(
    scene: Stage, folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source(folder, GOOD), SYSTEM)
    told = client.post("/verificar/", {"number": "AP-77/2019", "on": "31/05/2019", "code": ""})
    assert told.status_code == 200
    assert "SISTEMA-VIEJO" in told.content.decode()
    assert "No lo firmó este registro" in told.content.decode()
    assert client.post("/verificar/", {"number": "AP-77/2019", "on": "30/05/2019"}).status_code == 404


@pytest.mark.parametrize("data", [b"\xff\xfe", b"number,date\n1,2\n", b""])
def test_a_table_that_is_none_says_what_to_mend(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "actos.csv").write_bytes(data)
    with pytest.raises(BadFolder, match=r"actos\.csv"):
        read(tmp_path, "X")


def spreadsheet(rows: list[tuple[object, ...]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def test_a_spreadsheet_stands_for_the_table(scene: Stage, folder: Path) -> None:
    rows = [COLUMNS, (77, date(2019, 5, 31), *GOOD[2:]), (), PLAIN]
    (folder / "actos.xlsx").write_bytes(spreadsheet(rows))
    assert results(run(read(folder, "SISTEMA-VIEJO"), SYSTEM)) == [DONE, DONE]
    first = Imported.objects.get(number="77")
    assert (first.row, first.performed_on) == (2, date(2019, 5, 31))
    assert Imported.objects.get(number="AP-78/2019").row == 4


def bomb() -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(200):
            part.write(bytes(1024 * 1024))
    return made.getvalue()


def laughs() -> bytes:
    made = io.BytesIO()
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    with zipfile.ZipFile(io.BytesIO(spreadsheet([COLUMNS]))) as given, zipfile.ZipFile(made, "w") as packed:
        for name in given.namelist():
            head = f'<!DOCTYPE x [<!ENTITY a0 "ja">{entities}]>' if name == "xl/sharedStrings.xml" else ""
            packed.writestr(
                name, given.read(name).replace(b"<sst", head.encode() + b"<sst").replace(b"number", b"&a9;")
            )
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK", "no es una hoja"), (spreadsheet([("number",)]), "faltan columnas"), (bomb(), "demasiado grande"),
        (laughs(), "no es una hoja"), (spreadsheet([COLUMNS] + [("x",)] * 50_001), "demasiado grande"),
    ],
    ids=["torn", "columns", "bomb", "laughs", "rows"],
)  # fmt: skip
def test_a_spreadsheet_that_is_none_says_what_to_mend(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "actos.xlsx").write_bytes(data)
    with pytest.raises(BadFolder, match=rf"actos\.xlsx: .*{told}"):
        read(tmp_path, "X")
    (tmp_path / "actos.csv").write_text("number")
    with pytest.raises(BadFolder, match="Deje solo el que vale"):
        read(tmp_path, "X")
