"""Pages of what surrounds the acts: personal data, retention, reads, pads; and an act that was done on one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cancilleria.domains.apostille.tests.cast import Stage, by_hand, keys, stage
from cancilleria.kernel.cases import doors, queries
from cancilleria.kernel.cases.actions import decide_case
from cancilleria.kernel.cases.actions.erasure import erase_again
from cancilleria.kernel.cases.rules import DENIED
from cancilleria.kernel.organs.actions import deliver_pad
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Organ, Proposal
from cancilleria.kernel.register.models import Entry, Hold, Read, Slip
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.site.erasures import ErasureFile
from cancilleria.site.tests.test_pages import officer_client

KEEPER = frozenset(
    {"desk", "desk.cases", "desk.people", "data.given", "data.erased", "retention.applied", "hold.placed"}
)


@pytest.fixture
def scene(db: None, tmp_path: Path, plain_names: None) -> Iterator[Stage]:
    with stage(tmp_path) as found, doors.erasure_list.held(ErasureFile(tmp_path / "supresiones.jsonl")):
        yield found


def test_an_officer_gives_what_is_held_and_asks_for_its_erasure(scene: Stage) -> None:
    case = scene.submit()
    assert case.applicant is not None
    address = f"/despacho/persona/{case.applicant.public_id}/datos/"
    client = officer_client(scene, scene.ana.key, powers=KEEPER)
    assert "espera decisión" in client.get(address).content.decode()
    decide_case(actor=scene.ana, case=case, outcome=DENIED, reason="No procede.")
    assert "Pedir la supresión" in client.get(address).content.decode()
    packed = client.post(address, {"do": "give"})
    assert set(zipfile.ZipFile(io.BytesIO(packed.content)).namelist()) == {
        "datos.html", "datos.json", "archivos/001-v1-original.pdf",
    }  # fmt: skip
    assert Entry.objects.filter(verb="data.given").count() == 1
    assert client.post(address, {"do": "erase"}).status_code == 422
    for _ in range(2):  # pressed again, it is the same proposal
        assert client.post(address, {"do": "erase", "cause": "request"}).status_code == 302
    assert Proposal.objects.get(verb="data.erased").subject == case.applicant.key
    assert Read.objects.filter(what="data").exists()
    told = client.get("/despacho/por-confirmar/").content.decode()
    assert "Suprimir los datos personales de Carla Inventada" in told


def test_the_page_of_an_erased_case_says_so_and_still_opens(scene: Stage) -> None:
    case = scene.paper()
    decide_case(actor=scene.ana, case=case, outcome=DENIED, reason="No procede.")
    electronic = scene.submit()
    decide_case(actor=scene.ana, case=electronic, outcome=DENIED, reason="No procede.")
    client = officer_client(scene, scene.ana.key, powers=KEEPER)
    assert case.applicant_id == electronic.applicant_id
    erase_again(actor=SYSTEM, subject=str(case.applicant_id), cause="request")
    for found in (case, electronic):
        page = client.get(f"/despacho/expediente/{found.pk}/", follow=True)
        assert page.status_code == 200
        assert "se suprimieron por un acto" in page.content.decode()
    public = client.post(
        "/seguimiento/", {"number": queries.number_of(case), "code": queries.tracking_code(case.pk)}, follow=True
    )
    assert public.status_code == 200
    assert "Carla" not in public.content.decode()


def test_a_case_is_held_and_reads_are_shown_to_who_audits(scene: Stage) -> None:
    case = scene.submit()
    client = officer_client(scene, scene.ana.key, powers=KEEPER | {"desk.register"})
    number = queries.number_of(case)
    assert client.post("/despacho/conservacion/", {"do": "hold", "number": number}).status_code == 422
    assert client.post("/despacho/conservacion/", {"do": "hold", "number": "x", "reason": "x"}).status_code == 422
    given = {"do": "hold", "number": number, "reason": "Hay un proceso"}
    assert client.post("/despacho/conservacion/", given).status_code == 302
    assert "ya está retenido" in client.post("/despacho/conservacion/", given).content.decode()
    assert Hold.objects.get().subject == f"case:{case.pk}"
    client.get(f"/despacho/expediente/{case.pk}/", follow=True)
    assert f"case:{case.pk}" in client.get("/despacho/lecturas/").content.decode()


def test_what_was_done_on_a_pad_is_entered_from_the_page_of_its_case(scene: Stage) -> None:
    home, specimen = Organ.objects.get(pk=HEADQUARTERS), by_hand()
    deliver_pad(actor=SYSTEM, organ=home, name="C-CLB", first=1, count=3)
    case = scene.paper()
    client = officer_client(
        scene, scene.ana.key, powers={"desk", "desk.cases", "apostille.issued", "slip.spoiled", "pad.delivered"}
    )
    page = client.get(f"/despacho/expediente/{case.pk}/", follow=True)
    address, text = page.redirect_chain[-1][0], page.content.decode()
    assert "Ya se hizo en el talonario de contingencia" in text
    slips = re.findall(r'<option value="([0-9a-f-]{36})"', text)
    now = timezone.localtime(timezone=queries.zone_of(case))
    given = {
        "do": "issue", "specimen": specimen.key, "signature": "on", "capacity": "on", "seal": "same", "slip": slips[0],
        "day": f"{now:%d/%m/%Y}", "time": "00:00",
    }  # fmt: skip
    incomplete = client.post(address, given)
    assert incomplete.status_code == 422
    assert slips[0] in incomplete.content.decode()
    given |= {"why": "Corte de luz", "time": f"{now:%H:%M}:{now:%S}"}
    sheet = SimpleUploadedFile("hoja.pdf", keys().scan, "application/pdf")
    done = client.post(address, given | {"sheet": sheet}, follow=True)
    assert "hoja de contingencia C-CLB-000001, asentada después" in done.content.decode()
    assert Entry.objects.get(verb="apostille.issued").book == "apostille/contingency"
    pads = client.post(
        "/despacho/oficina/talonarios/", {"do": "spoil", "slip": slips[1], "reason": "Mojada"}, follow=True
    )
    assert "cuadra" in pads.content.decode()
    assert Slip.objects.get(pk=slips[1]).state == "spoiled"
