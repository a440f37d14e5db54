"""Pages of figures: the plan on the board, an office's months, values by hand, what is published, files; all at a fixed cost."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cancilleria.domains.apostille.actions import annul_apostille, issue_apostille
from cancilleria.domains.apostille.tests.cast import Stage, keys, stage
from cancilleria.kernel.indicators.actions import close_period, load_plan, publish_period
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.models import ManualValue, Target
from cancilleria.kernel.indicators.periods import later, period
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.site.figures.calendar import this_month
from cancilleria.site.figures.files import Sheet, as_csv, as_parquet, as_xlsx
from cancilleria.site.profile import plan as plan_loader
from cancilleria.site.profile.ground import Ground
from cancilleria.site.tests.test_pages import officer_client

pytestmark = pytest.mark.django_db
PERU = Path(__file__).resolve().parents[2] / "profiles" / "peru"
POWERS = {"desk.indicators*", "period.closed", "period.published", "month.reported", "value.entered"}
WORDS = {"es": "Atender bien", "en": "Serve well"}
BOARD = "/despacho/indicadores/"
ISSUED = f"{BOARD}apostille.issued/"
OTHER = "organ:branch-abroad"


@pytest.fixture
def scene(db: None, tmp_path: Path, plain_names: None) -> Iterator[Stage]:
    with stage(tmp_path) as found:
        measures = [
            {"indicator": "apostille.issued", "reports": [HEADQUARTERS, "kind:consulate-general"]},
            {"indicator": "planning.satisfaction", "reports": [HEADQUARTERS]},
        ]
        action = {**WORDS, "code": "A1", "responsible": HEADQUARTERS, "source": "s", "measure": measures}
        objective = {**WORDS, "code": "O1", "source": "libro L1", "action": [action]}
        load_plan(actor=SYSTEM, content={**WORDS, "key": "plan:x", "code": "PX", "start": "2026-01-01",
                                         "end": "2026-12-31", "objective": [objective]})  # fmt: skip
        yield found


@pytest.fixture
def planner(scene: Stage) -> Client:
    return officer_client(scene, officer("Paula", HEADQUARTERS, POWERS).key)


def turn(scene: Stage, as_worker: object) -> None:
    with as_worker():  # type: ignore[operator]
        scene.sequencer.start()
        scene.sequencer.step()


def test_the_board_is_grouped_by_objective_and_action_at_a_fixed_number_of_queries(
    scene: Stage, planner: Client
) -> None:
    planner.get(BOARD)
    with CaptureQueriesContext(connection) as empty:
        page = planner.get(BOARD).content.decode()
    assert len(list(indicators)) >= 15
    for told in ("O1. Atender bien", "libro L1", "A1. Atender bien", "Fuera del plan", "no informaron el mes pasado"):
        assert told in page
    issue_apostille(actor=scene.ana, case=scene.submit())
    scene.submit()
    with CaptureQueriesContext(connection) as busy:
        planner.get(BOARD)
    # One more: the counts of acts that the fold has not reached, of all indicators together.
    assert len(busy) <= len(empty) + 1
    assert len(empty) < 40


def test_an_organ_that_neither_acted_nor_said_nothing_did_not_report_and_is_never_zero(
    scene: Stage, planner: Client
) -> None:
    issue_apostille(actor=scene.ana, case=scene.submit())
    page = planner.get(f"{ISSUED}?periodo=2026").content.decode()
    assert "Consulado General en Madrid" in page
    assert "no informó" in page
    assert 'class="silent"' in page
    data = planner.get(f"{ISSUED}datos.csv?periodo=2026").content.decode()
    assert f"{OTHER},Consulado General en Madrid,2026-01,no informó,,,,," in data
    clerk = officer_client(scene, officer("Clara", OTHER, {"desk.indicators", "month.reported"}).key)
    month = later(this_month(), -1)
    assert "no informó" in clerk.get("/despacho/meses/").content.decode()
    press = {"indicator": "apostille.issued", "month": month.isoformat()}
    for _ in range(2):
        assert clerk.post("/despacho/meses/", press).status_code == 302
    assert Entry.objects.filter(verb="month.reported", organ=OTHER).count() == 1
    assert "sin actos" in clerk.get("/despacho/meses/").content.decode()
    early = clerk.post("/despacho/meses/", {**press, "month": this_month().isoformat()}, follow=True)
    assert "el mes no ha terminado" in early.content.decode()
    reader = officer_client(scene, officer("Lea", OTHER, {"desk.indicators"}).key)
    assert reader.post("/despacho/meses/", press).status_code == 404
    assert clerk.post("/despacho/meses/", {**press, "month": "x"}).status_code == 404


def test_a_value_by_hand_needs_evidence_is_marked_and_opens_it(scene: Stage, planner: Client) -> None:
    given = {"indicator": "planning.satisfaction", "month": this_month().isoformat(), "value": "86,5"}
    refused = planner.post("/despacho/valores/", given)
    assert refused.status_code == 422
    assert 'value="86,5"' in refused.content.decode()
    wrong = planner.post("/despacho/valores/", {**given, "evidence": SimpleUploadedFile("x.txt", b"text")})
    assert "no es un PDF" in wrong.content.decode()
    made = planner.post("/despacho/valores/", {**given, "evidence": SimpleUploadedFile("x.pdf", keys().document)})
    assert made.status_code == 302
    value = ManualValue.objects.get()
    page = planner.get("/despacho/valores/").content.decode()
    for told in ("86,5 %", "a mano", "Paula Inventado"):
        assert told in page
    path = f"/despacho/valores/{value.pk}/sustento/"
    assert planner.get(path).content == keys().document
    stranger = officer_client(scene, officer("Lea", OTHER, {"desk.indicators", "value.entered"}).key)
    assert stranger.get(path).status_code == 404
    assert stranger.post("/despacho/valores/", given).status_code == 404
    assert "86,5" not in stranger.get("/despacho/valores/").content.decode()
    figure = planner.get(f"{BOARD}planning.satisfaction/").content.decode()
    assert "anotado a mano" in figure
    assert "86,5" in figure
    assert "Cerrar 20" not in figure
    assert ",anotado a mano,1,,0,,86.5000" in planner.get(f"{BOARD}planning.satisfaction/datos.csv").content.decode()


def test_everybody_reads_what_was_published_and_nothing_else(scene: Stage, planner: Client, as_worker: object) -> None:
    made = [issue_apostille(actor=scene.ana, case=scene.submit()) for _ in range(6)]
    turn(scene, as_worker)
    text = f"{this_month():%Y-%m}"
    issued = indicators.get("apostille.issued")
    closure = close_period(actor=SYSTEM, indicator=issued, period=period(text))
    citizen = Client(headers={"accept-language": "es"})
    assert "Todavía no hay cifras publicadas" in citizen.get("/cifras/").content.decode()
    assert citizen.get("/cifras/apostille.issued/").status_code == 404
    publish_period(actor=SYSTEM, closure=closure)
    assert "Apostillas emitidas" in citizen.get("/cifras/").content.decode()
    page = citizen.get(f"/cifras/apostille.issued/?periodo={text}").content.decode()
    for told in ('<p class="number">6</p>', "no informó", "España", closure.acts_digest):
        assert told in page
    data = citizen.get(f"/cifras/apostille.issued/datos.csv?periodo={text}").content.decode()
    assert f"organ,total,Todo el ministerio,{text},publicado,6,6,0,,6.0000" in data
    annul_apostille(actor=scene.ana, apostille=made[0], reason="Error.")
    turn(scene, as_worker)
    assert '<p class="number">6</p>' in citizen.get("/cifras/apostille.issued/").content.decode()
    publish_period(actor=SYSTEM, closure=close_period(actor=SYSTEM, indicator=issued, period=period(text)))
    page = citizen.get("/cifras/apostille.issued/").content.decode()
    assert "se publicó 6; el valor corregido es 5" in page
    assert "anulados: menos de 5" in page
    for path in ("datos.exe", "?periodo=2025", "?periodo=x"):
        assert citizen.get(f"/cifras/apostille.issued/{path}").status_code == 404
    assert citizen.get("/cifras/nada/").status_code == 404


def test_small_counts_are_hidden_on_the_page_and_in_every_file(
    scene: Stage, planner: Client, as_worker: object
) -> None:
    for _ in range(2):
        issue_apostille(actor=scene.ana, case=scene.submit())
    turn(scene, as_worker)
    closure = close_period(actor=SYSTEM, indicator=indicators.get("apostille.issued"), period=period("2026"))
    publish_period(actor=SYSTEM, closure=closure)
    citizen = Client(headers={"accept-language": "es"})
    assert '<p class="number">oculto</p>' in citizen.get("/cifras/apostille.issued/").content.decode()
    data = citizen.get("/cifras/apostille.issued/datos.csv").content.decode()
    assert ",publicado,2," not in data
    assert ",oculto,,,,," in data


def test_the_plans_report_has_every_figure(scene: Stage, planner: Client) -> None:
    issue_apostille(actor=scene.ana, case=scene.submit())
    pdf = planner.get("/despacho/plan/plan:x/informe.pdf?periodo=2026")
    assert pdf.content.startswith(b"%PDF-")
    book = zipfile.ZipFile(io.BytesIO(planner.get("/despacho/plan/plan:x/informe.xlsx?periodo=2026").content))
    told = book.read("xl/sharedStrings.xml").decode()
    for word in ("AP-02", "PL-02", "Atender bien", "abierto", "anotado a mano"):
        assert word in told
    assert planner.get("/despacho/plan/plan:y/informe.pdf").status_code == 404
    assert planner.get("/despacho/plan/plan:x/informe.doc").status_code == 404


def test_files_carry_what_they_are_and_no_cell_is_a_formula(scene: Stage, planner: Client) -> None:
    sheet = Sheet("x", {"indicador": "=1+1", "it's": "a 'b'"}, {"name": str, "n": int, "v": Decimal},
                  [["=cmd()", 3, Decimal("1.5")], ["ok", None, None]])  # fmt: skip
    assert as_csv(sheet).decode().splitlines() == [
        "# indicador,'=1+1", "# it's,a 'b'", "name,n,v", "'=cmd(),3,1.5", "ok,,",
    ]  # fmt: skip
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(sheet)))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "=cmd()" in book.read("xl/sharedStrings.xml").decode()
    path = settings.HOME / "prueba.parquet"
    path.write_bytes(as_parquet(sheet))
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT * FROM '{path}'").fetchall()  # noqa: S608
        told = database.execute(f"SELECT value FROM parquet_kv_metadata('{path}')").fetchall()  # noqa: S608
    assert rows == [("=cmd()", 3, Decimal("1.5000")), ("ok", None, None)]
    assert [json.loads(value[0]) for value in told] == [dict(sheet.about)]
    for kind in ("csv", "xlsx", "parquet"):
        assert planner.get(f"{ISSUED}datos.{kind}?periodo=2026").status_code == 200
    assert planner.get(f"{ISSUED}datos.exe?periodo=2026").status_code == 404


def test_the_plan_of_the_profile_is_loaded_with_its_targets_and_again_changes_nothing(
    scene: Stage, tmp_path: Path
) -> None:
    ground = Ground(SYSTEM, "x", "d", HEADQUARTERS)
    found = plan_loader.read(PERU)
    assert [*plan_loader.bring(found, ground)][:1] == ["plan PEI 2020-2022: versión nueva"]
    assert Target.objects.get(indicator="apostille.issued", year=2026).value == 50
    assert list(plan_loader.bring(found, ground)) == []
    assert plan_loader.read(tmp_path) == []
    (tmp_path / "plan.toml").write_text(
        (PERU / "plan.toml").read_text(encoding="utf-8").replace("apostille.issued", "apostille.nothing"), "utf-8"
    )
    with pytest.raises(BadProfile, match=r"apostille\.nothing"):
        plan_loader.read(tmp_path)


@pytest.mark.parametrize("path", ["nada/cerrar/", "apostille.issued/publicar/99999/", "apostille.issued/actos/?cierre=9",
                                  "apostille.issued/actos/?cierre=x"])  # fmt: skip
def test_closings_that_do_not_exist_are_not_found(planner: Client, path: str) -> None:
    assert planner.get(f"{BOARD}{path}").status_code == 404


def test_sealed_acts_are_those_of_the_closing(scene: Stage, planner: Client, as_worker: object) -> None:
    first = issue_apostille(actor=scene.ana, case=scene.submit())
    turn(scene, as_worker)
    closure = close_period(actor=SYSTEM, indicator=indicators.get("apostille.issued"), period=period("2026"))
    second = issue_apostille(actor=scene.ana, case=scene.submit())
    page = planner.get(f"{ISSUED}actos/?cierre={closure.pk}").content.decode()
    assert closure.acts_digest in page
    assert str(first.entry_id) in page
    assert str(second.entry_id) not in page


def test_months_are_first_days(scene: Stage) -> None:
    assert this_month().day == 1
    assert later(date(2026, 1, 1), -1) == date(2025, 12, 1)
