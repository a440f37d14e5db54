"""What an officer and whoever asked do with a case between submission and decision, page by page."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cancilleria.domains.apostille.tests.cast import ANSWERS, Stage, keys
from cancilleria.kernel.cases import actions, queries
from cancilleria.kernel.cases.models import Case, Note
from cancilleria.kernel.cases.rules import DENIED, OBSERVED, SUBMITTED, WITHDRAWN
from cancilleria.kernel.documents.queries import content, latest
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.site.tests.test_pages import officer_client

pytestmark = pytest.mark.django_db


def holder(case: Case) -> Client:
    """A browser that showed number and code."""
    client = Client(headers={"accept-language": "es"})
    given = {"number": queries.number_of(case), "code": queries.tracking_code(case.pk)}
    assert client.post("/seguimiento/", given).status_code == 302
    return client


def test_only_lawful_acts_are_offered_and_a_mistake_is_told_beside_its_field(scene: Stage) -> None:
    case = scene.submit()
    client, path = officer_client(scene, scene.ana.key), f"/despacho/apostilla/{case.pk}/"
    page = client.get(path).content.decode()
    assert "Pedir una corrección" in page
    assert "Reanudar el plazo" not in page
    answer = client.post(path, {"act": "observe", "seen": case.revision, "reason": "No se lee."})
    assert answer.status_code == 422
    assert "Marque al menos una opción" in answer.content.decode()
    assert "No se lee." in answer.content.decode()
    assert client.post(path, {"act": "resume", "seen": case.revision}).status_code == 422
    assert Case.objects.get().state == SUBMITTED


def test_what_another_officer_did_meanwhile_is_shown_and_what_was_typed_stays(scene: Stage) -> None:
    case = scene.submit()
    client, path = officer_client(scene, scene.ana.key), f"/despacho/apostilla/{case.pk}/"
    actions.note_case(actor=scene.people.diego, case=case, text="Llamó por teléfono.")
    page = client.post(
        path, {"act": "observe", "seen": 0, "reason": "No se lee.", "fields": ["first_surname"]}
    ).content.decode()
    assert "Mientras usted lo veía" in page
    assert "Anotó algo en el expediente" in page
    assert "No se lee." in page
    assert Case.objects.get().state == SUBMITTED


def test_an_observed_request_is_corrected_by_who_holds_the_code(scene: Stage) -> None:
    case = scene.submit()
    path = f"/despacho/apostilla/{case.pk}/"
    given = {"act": "observe", "seen": 0, "reason": "El apellido no coincide.", "fields": ["first_surname"]}
    assert officer_client(scene, scene.ana.key).post(path, given).status_code == 302
    client, page = holder(case), f"/seguimiento/{case.pk}/"
    shown = client.get(page).content.decode()
    assert "El apellido no coincide." in shown
    assert client.post(f"{page}corregir/", {"first_surname": ""}).status_code == 422
    assert Case.objects.get().state == OBSERVED
    assert client.post(f"{page}corregir/", {"first_surname": "Mendada"}).status_code == 302
    held = Case.objects.get()
    assert (held.state, held.answers["first_surname"]) == (SUBMITTED, "Mendada")
    assert client.get(f"{page}corregir/").status_code == 404
    assert Client().get(f"{page}corregir/").status_code == 404


def test_a_corrected_document_is_checked_like_the_first(scene: Stage) -> None:
    case = scene.submit()
    actions.observe_case(actor=scene.ana, case=case, fields=["document"], reason="Otro documento.")
    client = holder(case)
    scan = Path(settings.HOME) / "escaneo.pdf"
    scan.write_bytes(b"%PDF-1.7\n% no signature\n")
    with scan.open("rb") as file:
        answer = client.post(f"/seguimiento/{case.pk}/corregir/", {"document": file})
    assert answer.status_code == 422
    assert Case.objects.get().state == OBSERVED


def test_who_asked_withdraws_after_confirming(scene: Stage) -> None:
    case = scene.submit()
    client = holder(case)
    assert "Desistir" in client.get(f"/seguimiento/{case.pk}/").content.decode()
    assert client.get(f"/seguimiento/{case.pk}/desistir/").status_code == 200
    assert client.post(f"/seguimiento/{case.pk}/desistir/").status_code == 302
    assert Case.objects.get().outcome == WITHDRAWN
    assert client.get(f"/seguimiento/{case.pk}/desistir/").status_code == 404
    assert "Desistida" in client.get(f"/seguimiento/{case.pk}/").content.decode()


def test_a_denied_request_is_appealed_and_decided_by_the_office_above(scene: Stage) -> None:
    case = actions.decide_case(actor=scene.ana, case=scene.submit(), outcome=DENIED, reason="No procede.")
    client, page = holder(case), f"/seguimiento/{case.pk}/apelar/"
    assert client.post(page, {"grounds": ""}).status_code == 422
    answer = client.post(page, {"grounds": "Sí procede."})
    appeal = Case.objects.get(appeals=case)
    assert answer["Location"] == f"/constancia/{appeal.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(f"/constancia/{appeal.pk}/pdf/").status_code == 200
    assert client.get(page).status_code == 404
    judge = officer_client(scene, officer("Julia", HEADQUARTERS, {"desk.cases", "case.appeal"}).key)
    assert "Apelación" in judge.get("/despacho/").content.decode()
    shown = judge.get(f"/despacho/expediente/{appeal.pk}/").content.decode()
    assert "Sí procede." in shown
    assert "Declarar fundada la apelación" in shown
    given = {"act": "grant_appeal", "seen": 0, "reason": "Tiene razón."}
    assert judge.post(f"/despacho/expediente/{appeal.pk}/", given).status_code == 302
    assert Case.objects.get(pk=case.pk).outcome == ""


def test_notes_are_for_the_office_and_never_for_who_asked(scene: Stage) -> None:
    case = scene.submit()
    path = f"/despacho/apostilla/{case.pk}/"
    client = officer_client(scene, scene.ana.key)
    assert client.post(path, {"act": "note", "seen": 0, "text": "Ojo con la firma."}).status_code == 302
    assert Note.objects.get().text == "Ojo con la firma."
    assert "Ojo con la firma." in client.get(path).content.decode()
    shown = holder(case).get(f"/seguimiento/{case.pk}/").content.decode()
    assert "Ojo con la firma." not in shown
    assert "Anotó" not in shown


def test_the_manual_page_is_made_of_the_declaration(scene: Stage) -> None:
    page = officer_client(scene, scene.ana.key).get("/despacho/manual/apostille/").content.decode()
    for told in ("¿En qué país va a presentar el documento?", "Documento electrónico firmado digitalmente", "15"):
        assert told in page
    assert Client().get("/despacho/manual/apostille/").status_code == 302


def at_the_counter(scene: Stage, **changed: str) -> dict[str, object]:
    given: dict[str, object] = {**ANSWERS, "token": str(uuid.uuid4()), **changed}
    return given | {"document": SimpleUploadedFile("partida.pdf", keys().document, "application/pdf")}


def test_an_officer_enters_a_request_at_the_counter_once_and_hands_over_its_receipt(scene: Stage) -> None:
    client, path = officer_client(scene, scene.ana.key, powers={"desk.counter"}), "/despacho/ventanilla/apostille/"
    assert "/despacho/ventanilla/apostille/" in client.get("/despacho/ventanilla/").content.decode()
    given = at_the_counter(scene)
    assert client.post(path, given).status_code == 302
    given["document"] = SimpleUploadedFile("partida.pdf", keys().document, "application/pdf")
    assert client.post(path, given).status_code == 302
    case = Case.objects.get()
    assert (case.channel, Entry.objects.get(verb="case.submitted").facts["channel"]) == ("counter", "counter")
    assert "Imprimir la constancia" in client.get(f"/despacho/apostilla/{case.pk}/").content.decode()
    receipt = client.get(f"/despacho/expediente/{case.pk}/constancia/")
    assert receipt["Content-Type"] == "application/pdf"


def test_the_receipt_of_a_request_of_the_portal_is_its_makers_alone(scene: Stage) -> None:
    case = scene.submit()
    client = officer_client(scene, scene.ana.key, powers={"desk.counter"})
    assert client.get(f"/despacho/expediente/{case.pk}/constancia/").status_code == 404


def test_a_mistake_at_the_counter_keeps_what_was_typed_and_attached(scene: Stage) -> None:
    client, path = officer_client(scene, scene.ana.key, powers={"desk.counter"}), "/despacho/ventanilla/apostille/"
    given = at_the_counter(scene, destination="GR")
    answer = client.post(path, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Carla"' in page
    assert "Ya adjuntó partida.pdf" in page
    assert Case.objects.count() == 0
    del given["document"]
    given["destination"] = "ES"
    assert client.post(path, given).status_code == 302
    assert Case.objects.count() == 1


def scanned(scene: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the office's scanner, with two pages in it, and one of another office."""
    monkeypatch.setattr(settings, "SCANNER", tmp_path / "escaner")
    office, other = (tmp_path / "escaner" / code for code in ("CLUB", "ABR"))
    for folder, names in ((office, ("pagina-1.jpg", "pagina-2.png", "notas.txt")), (other, ("ajena.jpg",))):
        folder.mkdir(parents=True)
        for name in names:
            Image.new("RGB", (600, 800), "white").save(folder / name, "PNG" if name.endswith("png") else "JPEG")
    (office / "enlace.pdf").symlink_to(other / "ajena.jpg")
    return office


def test_pages_are_picked_from_the_scanners_folder_and_leave_it_when_the_request_is_in(
    scene: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = scanned(scene, tmp_path, monkeypatch)
    client = officer_client(scene, scene.people.alicia.key, powers={"desk.counter"})
    path, token = "/despacho/ventanilla/membership/", str(uuid.uuid4())
    page = client.get(path).content.decode()
    assert "pagina-1.jpg" in page
    assert not {"notas.txt", "ajena.jpg", "enlace.pdf"} & set(page.split('"'))
    given = {"token": token, "age": "adult", "given_names": "Carla", "first_surname": ""}
    picked = {"letter_scanner": ["pagina-1.jpg", "pagina-2.png", "../ABR/ajena.jpg"]}
    answer = client.post(path, given | picked)
    assert answer.status_code == 422
    assert "Ya adjuntó pagina-1.pdf" in answer.content.decode()
    assert (folder / "pagina-1.jpg").exists()
    assert client.post(path, given | {"first_surname": "Inventada"} | picked).status_code == 302
    assert {p.name for p in folder.iterdir()} == {"notas.txt", "enlace.pdf"}
    case = Case.objects.get()
    held = case.documents.get(field="letter")
    assert pikepdf.open(io.BytesIO(content(latest(held.document)))).pages.__len__() == 2  # type: ignore[arg-type]
    address = f"/despacho/expediente/{case.pk}/documento/{held.pk}/pagina/"
    assert f'{address}1/"' in client.get(f"/despacho/expediente/{case.pk}/").content.decode()
    shown = client.get(f"{address}2/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert client.get(f"{address}3/").status_code == 404
    assert officer_client(scene, scene.people.bruno.key).get(f"{address}1/").status_code == 404


def test_who_does_not_serve_at_the_counter_does_not_find_it(scene: Stage) -> None:
    assert officer_client(scene, scene.ana.key).get("/despacho/ventanilla/").status_code == 404


def test_the_cases_of_a_person_are_those_the_officer_may_see(scene: Stage) -> None:
    cases = [scene.submit() for _ in range(2)]
    person = cases[0].applicant
    assert person is not None
    path = f"/despacho/persona/{person.public_id}/"
    page = officer_client(scene, scene.ana.key).get(path).content.decode()
    assert all(queries.number_of(case) in page for case in cases)
    assert officer_client(scene, scene.people.bruno.key).get(path).status_code == 404


def test_a_press_repeated_because_its_answer_was_lost_is_told_as_done_to_whoever_pressed_only(scene: Stage) -> None:
    case, desk = scene.submit(), officer_client(scene, scene.ana.key)
    page = f"/despacho/apostilla/{case.pk}/"
    assert [desk.post(page, {"do": "issue"}).status_code for _ in range(2)] == [302, 302]
    assert desk.post(page, {"do": "refuse", "reason": "Otra."}).status_code == 422
    other = officer("Zoe", HEADQUARTERS, {"desk", "desk.cases", "apostille.issued"})
    late = officer_client(scene, other.key).post(page, {"do": "issue"})
    assert late.status_code == 422
    assert "Otra persona atendió" in late.content.decode()
    assert Entry.objects.filter(verb="apostille.issued").count() == 1
