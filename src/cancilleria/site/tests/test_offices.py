"""The pages of an office: its head's, its second person's, and those of whoever receives or closes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from cancilleria.domains.apostille import actions as apostilles
from cancilleria.domains.apostille.models import Apostille
from cancilleria.domains.apostille.tests.cast import Stage, stage
from cancilleria.kernel.organs.actions import deliver_pad, spoil_slip
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.limits import HouseRules, Limit, house_rules
from cancilleria.kernel.organs.models import Cover, Handover, Organ, Proposal, SecondOfficer, Stamp
from cancilleria.kernel.organs.pairs import NeedsSecond
from cancilleria.kernel.organs.queries import local_today
from cancilleria.kernel.register.models import Entry
from cancilleria.kernel.register.queries import status_of
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.site.tests.test_pages import officer_client, words

pytestmark = pytest.mark.django_db
HEAD = frozenset(
    {
        "desk.office",
        "cover.named",
        "second.named",
        "handover.drawn",
        "stamp.registered",
        "stamp.entrusted",
        "stamp.lost",
    }
)
RULES = HouseRules(
    frozenset({"apostille.annulled"}),
    {"consulate": Limit(("apostille.",), {"es": "Competencia limitada", "en": "Limited competence"})},
    {"acting": "{name} (e.)"},
)


def today() -> date:
    """Today at the club."""
    return local_today(Organ.objects.get(pk=HEADQUARTERS))


@pytest.fixture
def scene(db: None, tmp_path: Path, plain_names: None) -> Iterator[Stage]:
    with stage(tmp_path) as found, house_rules.held(RULES):
        yield found


def head(scene: Stage) -> Client:
    return officer_client(scene, scene.ana.key, powers=HEAD)


def acting(scene: Stage, client: Client) -> Cover:
    """Alicia at the head of Ana's post, without power to name covers herself."""
    given = {
        "do": "cover", "posting": scene.people.alicia.key, "kind": "acting", "from_date": today().isoformat(),
        "to_date": (today() + timedelta(days=3)).isoformat(), "withheld": ["cover.named"], "signature_line": "",
    }  # fmt: skip
    assert client.post("/despacho/oficina/encargos/?puesto=post:ana", given).status_code == 302
    return Cover.objects.get()


def test_an_acting_head_chooses_the_capacity_and_signs_with_its_line(scene: Stage) -> None:
    cover = acting(scene, head(scene))
    assert cover.signature_line == "Alicia (e.)"
    client = officer_client(scene, scene.people.alicia.key)
    assert "Actúa como" in words(client, "/despacho/")
    assert client.get("/despacho/oficina/facultades/").status_code == 404
    assert client.post("/despacho/capacidad/", {"capacity": cover.key}).status_code == 302
    page = words(client, "/despacho/oficina/facultades/")
    assert "No: excluida del encargo" in page
    assert "Sí, por encargo" in page
    case = scene.submit()
    assert client.post(f"/despacho/apostilla/{case.pk}/", {"do": "issue"}).status_code == 302
    issued = Entry.objects.get(verb="apostille.issued")
    assert (issued.actor, issued.public["signature"]) == (cover.key, "Alicia (e.)")
    assert "Alicia (e.)" in words(client, f"/despacho/apostilla/{case.pk}/")
    client.post("/despacho/capacidad/", {"capacity": scene.people.alicia.key})
    assert client.get("/despacho/oficina/facultades/").status_code == 404
    client.post("/despacho/capacidad/", {"capacity": cover.key})
    Cover.objects.update(from_date=today() - timedelta(days=9), to_date=today() - timedelta(days=1))
    assert client.get("/despacho/oficina/facultades/").status_code == 404
    assert client.get("/despacho/").status_code == 200


def test_a_cover_that_cannot_be_named_says_why_and_keeps_what_was_typed(scene: Stage) -> None:
    client = head(scene)
    acting(scene, client)
    given = {"do": "cover", "posting": scene.people.diego.key, "kind": "acting", "from_date": today().isoformat(),
             "to_date": "", "signature_line": "Diego, jefe"}  # fmt: skip
    answer = client.post("/despacho/oficina/encargos/?puesto=post:ana", given)
    assert answer.status_code == 422
    assert "Ya hay un nombramiento" in answer.content.decode()
    assert "Diego, jefe" in answer.content.decode()
    assert client.post("/despacho/oficina/encargos/?puesto=post:bruno", given).status_code == 404
    ended = {"do": "end_cover", "cover": Cover.objects.get().key}
    assert client.post("/despacho/oficina/encargos/", ended).status_code == 302
    assert client.post("/despacho/oficina/encargos/", ended).status_code == 302
    assert Entry.objects.filter(verb="cover.ended").count() == 1


def test_an_annulment_waits_for_an_officer_far_away_whom_the_head_named(scene: Stage) -> None:
    apostille = apostilles.issue_apostille(actor=scene.ana, case=scene.submit())
    with pytest.raises(NeedsSecond):
        apostilles.annul_apostille(actor=scene.ana, apostille=apostille, reason="Documento revocado")
    client, path = head(scene), f"/despacho/apostilla/{apostille.case_id}/"
    given = {"do": "annul", "apostille": str(apostille.pk), "reason": ""}
    assert client.post(path, given).status_code == 422
    answer = verify_action(
        lambda: client.post(path, {**given, "reason": "Documento revocado"}, follow=True), records=["act.proposed"]
    )
    assert "sigue vigente hasta que otra persona confirme" in answer.content.decode()
    assert status_of(apostille.entry).in_force
    again = client.post(path, {**given, "reason": "Otra razón"})
    assert "espera respuesta" in again.content.decode()

    far = officer_client(scene, scene.people.bruno.key)
    press = {"do": "confirm", "proposal": str(Proposal.objects.get().pk)}
    assert far.post("/despacho/por-confirmar/", press).status_code == 404
    assert client.post("/despacho/por-confirmar/", press).status_code == 422
    named = {"do": "second", "posting": scene.people.bruno.key, "from_date": today().isoformat(), "to_date": ""}
    assert client.post("/despacho/oficina/encargos/", named).status_code == 302
    assert SecondOfficer.objects.count() == 1
    assert "Documento revocado" in words(far, "/despacho/por-confirmar/")
    verify_action(lambda: far.post("/despacho/por-confirmar/", press), records=["act.seconded", "apostille.annulled"])
    annulled = Entry.objects.get(verb="apostille.annulled")
    assert (annulled.actor, annulled.public["reason"]) == (scene.ana.key, "Documento revocado")
    assert far.post("/despacho/por-confirmar/", press).status_code == 422
    assert Entry.objects.filter(verb="apostille.annulled").count() == 1


def test_what_was_corrected_meanwhile_is_no_longer_annulled(scene: Stage) -> None:
    apostille = apostilles.issue_apostille(actor=scene.ana, case=scene.submit())
    apostilles.propose_annulment(actor=scene.ana, certificate=apostille, reason="Documento revocado")
    fresh = Apostille.objects.select_related("case", "entry", "specimen").get(pk=apostille.pk)
    apostilles.correct_apostille(actor=scene.ana, apostille=fresh, reason="Cargo")
    other = officer_client(scene, officer("Eva", HEADQUARTERS, {"desk.cases", "apostille.annulled"}).key)
    press = {"do": "confirm", "proposal": str(Proposal.objects.get().pk)}
    answer = other.post("/despacho/por-confirmar/", press)
    assert "Ya no puede hacerse" in answer.content.decode()
    assert other.post("/despacho/por-confirmar/", {**press, "do": "decline"}).status_code == 422
    assert (
        other.post("/despacho/por-confirmar/", {**press, "do": "decline", "reason": "Se corrigió"}).status_code == 302
    )
    assert not Entry.objects.filter(verb="apostille.annulled").exists()
    assert "Motivo: Se corrigió" in words(head(scene), "/despacho/por-confirmar/")


def test_a_handover_is_drawn_once_accepted_by_who_receives_and_printed(scene: Stage) -> None:
    client = head(scene)
    page = client.get("/despacho/oficina/entregas/")
    given = {"key": str(page.context["key"]), "incoming": scene.people.alicia.key, "remarks": "Todo al día"}
    assert client.post("/despacho/oficina/entregas/", {**given, "incoming": scene.ana.key}).status_code == 422
    first, again = (client.post("/despacho/oficina/entregas/", given) for _ in range(2))
    assert first["Location"] == again["Location"]
    path = first["Location"]
    assert officer_client(scene, scene.people.bruno.key).get(path).status_code == 404
    assert client.post(path).status_code == 422
    receives = officer_client(scene, scene.people.alicia.key)
    assert "Acta de entrega" in words(receives, "/despacho/por-confirmar/")
    assert receives.post(path, {"differences": "Falta una llave"}).status_code == 302
    assert Handover.objects.get().state == "accepted"
    assert "Falta una llave" in words(client, path)
    paper = client.get(f"{path}pdf/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-1.7")


def test_blank_slips_of_contingency_pads_stand_in_the_minutes(scene: Stage) -> None:
    home = Organ.objects.get(pk=HEADQUARTERS)
    pad = deliver_pad(actor=SYSTEM, organ=home, name="C-CLB", first=11, count=4)
    spoil_slip(actor=SYSTEM, slip=pad.slips.get(number=11), reason="Se mojó")
    client = head(scene)
    page = client.get("/despacho/oficina/entregas/")
    given = {"key": str(page.context["key"]), "incoming": scene.people.alicia.key, "remarks": ""}
    drawn = client.post("/despacho/oficina/entregas/", given)["Location"]
    told = words(client, drawn)
    assert "Hojas de contingencia en blanco" in told
    assert "C-CLB: 12 – 14" in told


def test_stamps_are_registered_entrusted_and_reported_lost_by_who_has_them(scene: Stage) -> None:
    client, path = head(scene), "/despacho/oficina/sellos/"
    new = {"do": "register", "label": "Sello seco", "kind": "dry", "imprint": "UTOPÍA"}
    assert client.post(path, new).status_code == 302
    assert "Ya hay un sello" in client.post(path, new).content.decode()
    stamp = Stamp.objects.get()
    entrust = {"do": "entrust", "stamp": stamp.key, "posting": scene.people.alicia.key}
    assert client.post(path, entrust).status_code == 302
    mine = officer_client(scene, scene.people.alicia.key)
    assert mine.post(path, {**entrust, "posting": scene.people.diego.key}).status_code == 422
    lost = {"do": "lost", "stamp": stamp.key, "reason": ""}
    assert mine.post(path, lost).status_code == 422
    assert mine.post(path, {**lost, "reason": "Robo"}).status_code == 302
    assert "perdido" in words(client, path)
    assert client.post(path, {**lost, "reason": "Robo"}).status_code == 422


def test_an_office_is_closed_after_a_review_and_its_page_names_the_successor(scene: Stage) -> None:
    closer = officer("Óscar", HEADQUARTERS, {"organ.closed*"})
    client, path = officer_client(scene, closer.key), "/despacho/oficinas/friday/cerrar/"
    assert officer_client(scene, scene.ana.key).get(path).status_code == 404
    assert client.post(path, {"do": "review", "successor": ""}).status_code == 422
    review = client.post(path, {"do": "review", "successor": "organ:branch-abroad"})
    assert "Revise antes de cerrar" in review.content.decode()
    assert Organ.objects.get(pk="organ:friday").closed_on is None
    assert client.post(path, {"do": "close", "successor": "organ:branch-abroad"}).status_code == 302
    assert "Conserva sus libros" in words(client, "/despacho/oficinas/friday/")
    assert "cerrada el" in words(client, "/despacho/oficinas/")
    scene.submit()
    blocked = client.post("/despacho/oficinas/club/cerrar/", {"do": "close", "successor": "organ:branch-abroad"})
    assert "Todavía no puede cerrarse" in blocked.content.decode()
    assert Organ.objects.get(pk=HEADQUARTERS).closed_on is None


def test_the_office_page_tells_accreditation_hosting_and_limited_competence(scene: Stage) -> None:
    client = head(scene)
    page = words(client, "/despacho/oficinas/branch-abroad/")
    assert "Andorra" in page
    assert "Liechtenstein" in page
    assert "Competencia limitada" in words(client, "/despacho/oficinas/friday/")
    assert client.get("/despacho/oficinas/nowhere/").status_code == 404
    assert client.get("/despacho/oficina/facultades/?dia=mañana").status_code == 422
    assert "Nadie tenía puesto aquí ese día" in words(client, "/despacho/oficina/facultades/?dia=2001-01-01")
