"""The board: a figure opens to its months, its organs, its acts; a closed one tells why it differs today."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from cancilleria.domains.apostille.actions import annul_apostille, issue_apostille
from cancilleria.domains.apostille.tests.cast import Stage
from cancilleria.kernel.indicators.actions import set_target
from cancilleria.kernel.indicators.declaration import indicators
from cancilleria.kernel.indicators.models import Closure
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.services.ui.charts import bars, sparkline
from cancilleria.site.tests.test_pages import officer_client

pytestmark = pytest.mark.django_db
POWERS = {"desk.indicators*", "period.closed", "period.published"}
ISSUED = "/despacho/indicadores/apostille.issued/"


@pytest.fixture
def planner(scene: Stage) -> Client:
    return officer_client(scene, officer("Paula", HEADQUARTERS, POWERS).key)


def test_a_figure_opens_to_the_very_acts_behind_it(scene: Stage, planner: Client) -> None:
    made = [issue_apostille(actor=scene.ana, case=scene.submit()) for _ in range(2)]
    set_target(actor=SYSTEM, indicator=indicators.get("apostille.issued"), year=2026, value=Decimal(1), source="x")
    board = planner.get("/despacho/indicadores/").content.decode()
    assert '<span class="value">2</span>' in board
    page = planner.get(ISSUED).content.decode()
    for told in ("Dirección del Club", "España", "Partida o certificado del registro civil"):
        assert told in page
    acts = planner.get(f"{ISSUED}actos/?organo={HEADQUARTERS}").content.decode()
    for apostille in made:
        assert str(apostille.entry_id) in acts
    share = planner.get("/despacho/indicadores/apostille.same_day/").content.decode()
    assert "100 %" in share
    assert "Ver el denominador" in planner.get("/despacho/indicadores/apostille.same_day/actos/").content.decode()


def test_a_closed_figure_stays_and_tells_what_changed_since(scene: Stage, planner: Client, as_worker: object) -> None:
    apostille = issue_apostille(actor=scene.ana, case=scene.submit())
    with as_worker():  # type: ignore[operator]
        scene.sequencer.start()
        scene.sequencer.step()
    assert "Cerrar y sellar" in planner.get(f"{ISSUED}cerrar/?periodo=2026").content.decode()
    assert planner.post(f"{ISSUED}cerrar/?periodo=2026").status_code == 302
    assert "Hoy da lo mismo." in planner.get(ISSUED).content.decode()
    annul_apostille(actor=scene.ana, apostille=apostille, reason="Error.")
    page = planner.get(ISSUED).content.decode()
    assert "era 1 y hoy es 0: 0 registrados después, 1 anulados" in page
    assert "el sello corresponde" in page
    closure = Closure.objects.get()
    assert "Celdas ocultas" in planner.get(f"{ISSUED}publicar/{closure.pk}/").content.decode()
    assert planner.post(f"{ISSUED}publicar/{closure.pk}/").status_code == 302
    assert "publicado" in planner.get(ISSUED).content.decode()


def test_the_series_is_downloaded_with_what_it_is(scene: Stage, planner: Client) -> None:
    issue_apostille(actor=scene.ana, case=scene.submit())
    answer = planner.get(f"{ISSUED}datos.csv?periodo=2026")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="AP-02-2026.csv"'
    assert lines[0].startswith("# indicador,AP-02")
    assert lines[-2] == "organo,nombre,mes,estado,n,total,n_denominador,total_denominador,valor"
    assert lines[-1].startswith(f"{HEADQUARTERS},Dirección del Club,2026-")
    assert lines[-1].endswith(",del registro,1,1,0,,1.0000")


@pytest.mark.parametrize("path", ["nada/", "apostille.issued/?periodo=2026-13", "apostille.issued/actos/?desde=x",
                                  "apostille.issued/actos/?denominador"])  # fmt: skip
def test_what_does_not_exist_is_not_found(planner: Client, path: str) -> None:
    assert planner.get(f"/despacho/indicadores/{path}").status_code == 404


def test_who_may_not_close_does_not_and_who_may_not_look_does_not_find(scene: Stage) -> None:
    reader = officer_client(scene, officer("Lea", HEADQUARTERS, {"desk.indicators"}).key)
    assert "Cerrar 2026" not in reader.get(f"{ISSUED}?periodo=2026").content.decode()
    assert reader.post(f"{ISSUED}cerrar/?periodo=2026").status_code == 404
    assert officer_client(scene, scene.ana.key).get("/despacho/indicadores/").status_code == 404


def test_a_line_breaks_where_a_value_is_unknown_and_bars_start_at_zero() -> None:
    assert sparkline([None, None]) == []
    assert sparkline([1.0, 2.0, None, 3.0]) == ["0.0,26.0 29.3,15.0", "88.0,4.0 88.0,4.0"]
    drawn = bars(["a", "b", "c"], [10.0, None, 5.0], ["10", "–", "5"])
    assert [(bar.height, bar.known) for bar in drawn] == [(100.0, True), (0.0, False), (50.0, True)]
