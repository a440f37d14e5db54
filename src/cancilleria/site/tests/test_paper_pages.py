"""Paper at the desk, page by page: comparing, issuing, asking for a signature; registers of signatures and of forms."""

from __future__ import annotations

import io
import uuid

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Apostille, AskedSpecimen, Specimen
from cancilleria.domains.apostille.tests.cast import ABROAD, WHOLE, Stage, by_hand
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import ADMITTED, AWAITING_BODY, DENIED, READY
from cancilleria.kernel.testing.cast import HEADQUARTERS
from cancilleria.site.tests.test_pages import officer_client

pytestmark = pytest.mark.django_db
FORMS, SPECIMENS = "/despacho/formularios/", "/despacho/firmas/"
COMPARED = {"signature": "on", "capacity": "on", "seal": "same"}


@pytest.fixture
def desk(scene: Stage) -> Client:
    """Ana's browser."""
    return officer_client(scene, scene.ana.key)


def page_of(case: Case) -> str:
    return f"/despacho/certificado/{case.pk}/"


def png() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (80, 40), "white").save(drawn, "PNG")
    return SimpleUploadedFile("firma.png", drawn.getvalue(), "image/png")


def test_the_tray_leads_to_the_page_of_paper_and_a_foreign_case_is_not_found(scene: Stage, desk: Client) -> None:
    case = scene.paper()
    answer = desk.get(f"/despacho/expediente/{case.pk}/")
    assert answer.headers["Location"] == page_of(case)
    foreign = scene.paper("legalisation_consul", scene.people.bruno, origin="ES", kind="commercial")
    assert foreign.organ == ABROAD
    assert desk.get(page_of(foreign)).status_code == 404
    assert desk.get(page_of(scene.submit())).status_code == 404


def test_scan_and_signature_stand_side_by_side_and_issuing_demands_the_comparison(scene: Stage, desk: Client) -> None:
    case, specimen, form = scene.paper(), by_hand(), scene.form()
    page = desk.get(page_of(case)).content.decode()
    held = case.documents.get(field="document")
    assert f"/despacho/expediente/{case.pk}/documento/{held.pk}/pagina/1/" in page
    for which in ("firma", "sello"):
        shown = desk.get(f"{SPECIMENS}{specimen.key}/imagen/{which}/")
        assert shown.content.startswith(b"\xff\xd8")
    given = {"do": "issue", "specimen": specimen.key, "form": str(form.pk)}
    refused = desk.post(page_of(case), {**given, "signature": "on"})
    assert refused.status_code == 422
    assert "Compare el cargo y márquelo" in refused.content.decode()
    assert 'name="signature"' in refused.content.decode()
    assert desk.post(page_of(case), {**given, **COMPARED}).status_code == 302
    again = desk.post(page_of(case), {**given, **COMPARED})
    assert again.status_code == 302, "the same press repeated is told as done"
    assert desk.post(page_of(case), {"do": "refuse", "reason": "Otra."}).status_code == 422
    assert Apostille.objects.count() == 1
    assert form.serial in desk.get(page_of(case)).content.decode()


def test_a_refusal_keeps_what_was_typed_until_there_is_a_reason(scene: Stage, desk: Client) -> None:
    case = scene.paper()
    assert desk.post(page_of(case), {"do": "refuse", "reason": " "}).status_code == 422
    assert desk.post(page_of(case), {"do": "nothing"}).status_code == 422
    assert desk.post(page_of(case), {"do": "refuse", "reason": "La firma no coincide."}).status_code == 302
    assert Case.objects.get(pk=case.pk).outcome == DENIED


def test_a_signature_is_asked_for_registered_and_the_case_goes_on(scene: Stage, desk: Client) -> None:
    case = scene.paper()
    wanted = {"do": "ask", "name": "Luis Inventado", "capacity": "Director", "entity": ""}
    refused = desk.post(page_of(case), wanted)
    assert refused.status_code == 422
    assert 'value="Luis Inventado"' in refused.content.decode()
    assert desk.post(page_of(case), {**wanted, "entity": "Escuela Inventada"}).status_code == 302
    asked = AskedSpecimen.objects.get()
    assert Case.objects.get(pk=case.pk).state == AWAITING_BODY
    letter = desk.get(f"{page_of(case)}pedido/{asked.pk}/")
    with pikepdf.open(io.BytesIO(letter.content)) as pdf:
        assert cases.number_of(case) in str(pdf.docinfo["/Title"])
    new = f"{SPECIMENS}nueva/?pedido={asked.pk}"
    assert 'value="Luis Inventado"' in desk.get(new).content.decode()
    row = {
        "kind": "authority", "name": "Luis Inventado", "capacity": "Director", "entity": "Escuela Inventada", "state": "UT",
        "valid_from": "2025-01-01", "source": "Oficio 1", "token": str(uuid.uuid4()),
    }  # fmt: skip
    answer = desk.post(new, {**row, "signature": png()})
    assert answer.status_code == 302
    assert desk.post(new, row).headers["Location"] == answer.headers["Location"]
    specimen = Specimen.objects.get(name="Luis Inventado")
    page = desk.get(answer.headers["Location"]).content.decode()
    assert f"Reanudar el expediente {cases.number_of(case)}" in page
    assert desk.post(f"{SPECIMENS}{specimen.key}/", {"do": "resume", "case": str(case.pk)}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == ADMITTED


def test_a_signature_is_corrected_and_closed_and_its_former_row_stays_to_be_seen(scene: Stage, desk: Client) -> None:
    old = by_hand()
    row = {
        "kind": "authority", "name": "Rosa Inventada Paz", "capacity": "Registradora", "entity": "Registro Inventado",
        "state": "UT", "valid_from": "2025-01-01", "source": "Oficio 2",
    }  # fmt: skip
    wrong = desk.post(f"{SPECIMENS}{old.key}/corregir/", {**row, "valid_to": "2024-01-01"})
    assert "no puede ser anterior" in wrong.content.decode()
    answer = desk.post(f"{SPECIMENS}{old.key}/corregir/", row)
    assert answer.status_code == 302
    right = Specimen.objects.get(name="Rosa Inventada Paz")
    assert right.signature == old.signature
    assert "retirada" in desk.get(f"{SPECIMENS}{old.key}/").content.decode()
    assert desk.post(f"{SPECIMENS}{old.key}/corregir/", row).status_code == 422
    close = {"do": "close", "on": "2026-01-31", "reason": ""}
    assert desk.post(f"{SPECIMENS}{right.key}/", close).status_code == 422
    assert desk.post(f"{SPECIMENS}{right.key}/", {**close, "reason": "Cesó"}).status_code == 302
    assert desk.post(f"{SPECIMENS}{right.key}/", {**close, "reason": "Cesó"}).status_code == 422
    found = desk.get(f"{SPECIMENS}?firma=paz").content.decode()
    assert "Rosa Inventada Paz" in found
    assert "ROSA INVENTADA" not in found
    assert desk.get(f"{SPECIMENS}specimen:none/").status_code == 404


def test_forms_are_received_written_off_and_returned_and_a_mistake_stays_on_the_page(
    scene: Stage, desk: Client
) -> None:
    packet = {"do": "receive", "series": "C", "first": "1", "count": "5"}
    assert desk.post(FORMS, {**packet, "series": "c1"}).status_code == 422
    assert desk.post(FORMS, packet).status_code == 302
    again = desk.post(FORMS, packet)
    assert again.status_code == 422
    assert "ya consta" in again.content.decode()
    assert desk.post(FORMS, {"do": "spoil", "first": "c000001", "reason": "Roto"}).status_code == 302
    sheets = {"do": "return", "first": "C000001", "last": "C000003", "reason": "Cambio"}
    assert "no está en blanco" in desk.post(FORMS, sheets).content.decode()
    assert desk.post(FORMS, {**sheets, "first": "C000002"}).status_code == 302
    assert queries.stock_of(HEADQUARTERS) == {"blank": 2, "used": 0, "spoiled": 1, "returned": 2}
    assert "C000001" in desk.get(f"{FORMS}?estado=spoiled").content.decode()
    other = officer_client(scene, scene.people.bruno.key)
    assert "C000001" not in other.get(FORMS).content.decode()
    assert other.post(FORMS, packet).status_code == 422


def test_a_legalisation_is_verified_corrected_and_annulled_with_its_own_words(scene: Stage, desk: Client) -> None:
    case, specimen = scene.paper("legalisation_out", destination="CU"), by_hand()
    found = actions.issue_on_paper(actor=scene.ana, case=case, specimen=specimen, comparison=WHOLE, form=scene.form())
    number = queries.number_of(found.entry)
    code = queries.verification_code(found.entry_id, "legalisation")
    shown = Client(headers={"accept-language": "es"}).get(f"/v/{number}/{code}/").content.decode()
    assert f"Legalización {number}" in shown
    assert "Vigente" in shown
    assert "Convention de La Haye" not in shown
    change = {"certificate": str(found.pk), "reason": "Cargo"}
    assert desk.post(page_of(case), {**change, "do": "correct"}).status_code == 422
    form = scene.form()
    assert desk.post(page_of(case), {**change, "do": "correct", "form": str(form.pk)}).status_code == 302
    assert "La sustituye" in Client(headers={"accept-language": "es"}).get(f"/v/{number}/{code}/").content.decode()
    assert desk.post(page_of(case), {**change, "do": "annul"}).status_code == 422
    newest = queries.certificates_of(case)[-1]
    spoil = {"do": "spoil", "certificate": str(newest.pk), "reason": "Tinta", "form": str(scene.form().pk)}
    assert desk.post(page_of(case), spoil).status_code == 302
    assert desk.post(page_of(case), {**change, "do": "annul", "certificate": str(newest.pk)}).status_code == 302


def test_who_waits_for_paper_is_told_where_to_collect_it_and_downloads_nothing(scene: Stage, desk: Client) -> None:
    case = scene.paper()
    found = actions.issue_on_paper(actor=scene.ana, case=case, specimen=by_hand(), comparison=WHOLE, form=scene.form())
    assert desk.get(f"{page_of(case)}{found.pk}/pdf/").status_code == 404
    Case.objects.filter(pk=case.pk).update(state=READY)
    client = Client(headers={"accept-language": "es"})
    given = {"number": cases.number_of(case), "code": cases.tracking_code(case.pk)}
    page = client.post("/seguimiento/", given, follow=True).content.decode()
    assert "Recójalo allí" in page
    assert client.post(f"/seguimiento/{case.pk}/apostilla/{found.pk}/").status_code == 404
