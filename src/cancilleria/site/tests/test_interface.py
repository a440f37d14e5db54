"""The interface for programs: what everybody may ask, what a token may, errors, keys, ETags, paging, lists, packages, MCP."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cancilleria.domains.apostille.actions import annul_apostille, issue_apostille, issue_on_paper
from cancilleria.domains.apostille.queries import issued_on, number_of, verification_code
from cancilleria.domains.apostille.tests.cast import POWERS, WHOLE, Stage, by_hand, late
from cancilleria.kernel.cases.queries import number_of as case_number
from cancilleria.kernel.cases.queries import tracking_code
from cancilleria.kernel.organs.actions import deliver_pad
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import blank_slips
from cancilleria.kernel.register.models import Entry, Read
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.services.interop import guard, status_lists
from cancilleria.services.interop.actions import make_token
from cancilleria.services.interop.models import Answer
from cancilleria.site import open_data
from cancilleria.site.api.service import description

pytestmark = pytest.mark.django_db
API = "/api/v1"
AsWorker = Callable[[], AbstractContextManager[None]]


def program(scene: Stage, *scopes: str, organ: str = HEADQUARTERS) -> Client:
    """A client with a token of an officer of that organ."""
    holder = officer(f"Irma{uuid.uuid4().hex[:4]}", organ, {*POWERS, "token.made"})
    _token, secret = make_token(actor=holder, label="Programa", scopes=list(scopes) or ["desk.cases"], days=1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def placed(scene: Stage, as_worker: AsWorker) -> None:
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()


def test_the_description_is_openapi_and_names_no_call_without_summary() -> None:
    found = description()
    assert found["openapi"] == "3.1.0"
    assert len(found["paths"]) >= 18
    operations = [op for methods in found["paths"].values() for op in methods.values()]
    assert all(op["summary"] and "default" in op["responses"] for op in operations)
    assert json.loads(Client().get("/api/openapi.json").content)["paths"].keys() == found["paths"].keys()


def test_everybody_reads_what_is_public(scene: Stage, as_worker: AsWorker) -> None:
    apostille = issue_apostille(actor=scene.ana, case=scene.submit())
    placed(scene, as_worker)
    client = Client()
    assert {row["key"] for row in client.get(f"{API}/procedures").json()} >= {"apostille"}
    assert client.get(f"{API}/procedures/apostille").json()["legal_basis"]
    code = client.get(f"{API}/organs?limit=1").json()
    assert code["next"]
    assert client.get(f"{API}/organs/{code['items'][0]['code']}").json() == code["items"][0]
    assert client.get(f"{API}/indicators").json() == []
    row = client.get(f"{API}/register").json()["items"][0]
    assert (row["id"], row["status"]) == (str(apostille.entry_id), "in_force")
    assert "signed_by" not in json.dumps(row)
    proof = client.get(f"{API}/log/entries/{row['index']}").json()
    assert proof["leaf_hash"] == row["leaf_hash"]
    assert proof["receipt"].startswith("c2sp.org/tlog-proof@v1")
    assert client.get(f"{API}/log/checkpoint").json()["size"] > row["index"]
    hidden = Entry.objects.filter(verb="case.submitted").first()
    assert hidden is not None
    assert client.get(f"{API}/register/{hidden.pk}").status_code == 404


def test_a_certificate_is_verified_and_a_case_followed(scene: Stage) -> None:
    case = scene.submit()
    apostille = issue_apostille(actor=scene.ana, case=case)
    asked = {
        "number": number_of(apostille.entry), "issued_on": issued_on(apostille.entry).isoformat(),
        "code": verification_code(apostille.entry_id),
    }  # fmt: skip
    client = Client()
    found = client.post(f"{API}/verifications", asked, content_type="application/json")
    assert (found.status_code, found.json()["status"], len(found.json()["fields"])) == (200, "in_force", 10)
    wrong = client.post(f"{API}/verifications", {**asked, "code": "X"}, content_type="application/json")
    assert (wrong.status_code, wrong["Content-Type"]) == (404, "application/problem+json")
    assert client.get(f"{API}/verifications/{'0' * 64}").status_code == 404
    given = {"number": case_number(case), "code": tracking_code(case.pk)}
    told = client.post(f"{API}/cases/track", given, content_type="application/json").json()
    assert told["procedure"] == "apostille"
    assert "Carla" not in json.dumps(told)


def test_errors_are_problems_in_the_language_asked_for(scene: Stage) -> None:
    client = Client()
    spanish = client.get(f"{API}/procedures/nada").json()
    english = client.get(f"{API}/procedures/nada", headers={"Accept-Language": "en"}).json()
    assert spanish["type"] == english["type"]
    assert spanish["title"] != english["title"]
    for path, status in (
        ("register?cursor=x", 400), ("register?limit=0", 422), ("register?verb=%00", 400), ("nada", 404),
        ("register/nada", 404), ("log/entries/99999999999999999999", 422), ("desk/cases", 401), ("organs/XX", 404),
    ):  # fmt: skip
        found = client.get(f"{API}/{path}")
        assert (path, found.status_code, found["Content-Type"]) == (path, status, "application/problem+json")
    assert client.post(f"{API}/register").status_code == 405
    assert client.post(f"{API}/verifications", "{", content_type="application/json").status_code == 400
    assert client.post(f"{API}/verifications", {}, content_type="application/json").json()["errors"][0]["pointer"]


def test_what_did_not_change_does_not_travel_again(scene: Stage) -> None:
    client = Client()
    first = client.get(f"{API}/procedures")
    again = client.get(f"{API}/procedures", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_too_many_calls_are_told_to_wait(scene: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CALLS", 2)
    answers = [Client().get(f"{API}/status-lists") for _ in range(3)]
    assert [found.status_code for found in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


def test_a_token_sees_its_office_and_no_other(scene: Stage) -> None:
    case = scene.submit()
    own, foreign = program(scene), program(scene, organ="organ:branch-abroad")
    assert [row["id"] for row in own.get(f"{API}/desk/cases").json()["items"]] == [str(case.pk)]
    found = own.get(f"{API}/desk/cases/{case.pk}").json()
    assert found["applicant"] == "Carla Inventada"
    assert "take" not in found["acts"]  # its token has not the power to decide
    assert Read.objects.filter(subject=f"case:{case.pk}", what="case").count() == 1
    assert foreign.get(f"{API}/desk/cases").json()["items"] == []
    assert foreign.get(f"{API}/desk/cases/{case.pk}").status_code == 404
    assert own.get(f"{API}/desk/specimens").status_code == 403
    keeper = program(scene, "specimen.registered")
    assert keeper.get(f"{API}/desk/specimens").json()["items"][0]["name"] == "ROSA INVENTADA"
    assert keeper.get(f"{API}/desk/cases").status_code == 403
    session = Client()
    assert session.get(f"{API}/desk/cases").status_code == 401


def test_the_same_key_acts_once(scene: Stage) -> None:
    case = scene.submit()
    client, path = program(scene, "desk.cases", "apostille.issued"), f"{API}/desk/cases/{case.pk}/acts"
    note = {"act": "note", "seen": 0, "given": {"text": "Llamó la entidad."}}

    def send(body: dict[str, object], key: str) -> tuple[int, bytes]:
        found = client.post(
            path, body, content_type="application/json", headers={"Idempotency-Key": key} if key else {}
        )
        return found.status_code, found.content

    assert send(note, "")[0] == 400
    first = send(note, "a")
    assert first[0] == 200, first
    assert send(note, "a") == first
    assert Entry.objects.filter(verb="case.noted").count() == 1
    assert send({**note, "given": {"text": "Otra"}}, "a")[0] == 422
    assert send({"act": "destroy", "seen": 0, "given": {}}, "b")[0] == 409
    assert send({"act": "note", "seen": 0, "given": {}}, "c")[0] == 422
    assert set(Answer.objects.values_list("key", flat=True)) == {"a"}
    assert send({"act": "take", "seen": json.loads(first[1])["revision"], "given": {}}, "b")[0] == 200


def test_pages_cost_the_same_at_any_depth(scene: Stage) -> None:
    for _ in range(6):
        scene.submit()
    client = program(scene)
    cursor, seen, costs = "", [], set()
    for _page in range(6):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = client.get(f"{API}/desk/cases?limit=1&cursor={cursor}").json()
        costs.add(len(queries))
        seen += [row["id"] for row in found["items"]]
        cursor = found["next"] or ""
        assert not any("OFFSET" in query["sql"] for query in queries)
    assert len(set(seen)) == 6
    assert cursor == ""
    assert len(costs) <= 2  # the first call of a minute begins its count


def test_the_list_of_a_day_is_signed_and_tells_what_changed(scene: Stage, tmp_path: Path) -> None:
    apostille = issue_apostille(actor=scene.ana, case=scene.submit())
    kept = issue_apostille(actor=scene.ana, case=scene.submit())
    annul_apostille(actor=scene.ana, apostille=apostille, reason="Error")
    signer = Signer("confianza.utopia.example", Ed25519PrivateKey.generate())
    now = timezone.now()
    (today,) = status_lists.publish(open_data.BOOKS, tmp_path, signer, now=now)
    data = (tmp_path / f"{today}.json").read_bytes()
    payload = status_lists.read(data, signer.verifier())
    assert payload["final"] is False
    assert [(row["number"], row["state"]) for row in payload["changed"]] == [(number_of(apostille.entry), "annulled")]  # type: ignore[attr-defined]
    assert payload["books"][0]["last"] == kept.entry.number  # type: ignore[index]
    with pytest.raises(status_lists.BadList):
        status_lists.read(data.replace(b"annulled", b"in_force"), signer.verifier())
    days = status_lists.publish(open_data.BOOKS, tmp_path, signer, now=now + timedelta(days=2))
    assert len(days) == 3
    assert status_lists.read((tmp_path / f"{today}.json").read_bytes(), signer.verifier())["final"] is True


def test_what_was_done_on_a_pad_stands_in_the_lists_under_its_own_number(
    scene: Stage, tmp_path: Path, as_worker: AsWorker
) -> None:
    deliver_pad(actor=SYSTEM, organ=Organ.objects.get(pk=HEADQUARTERS), name="C-CLB", first=1, count=1)
    done = late(blank_slips(HEADQUARTERS)[0], timezone.now())
    apostille = issue_on_paper(actor=scene.ana, case=scene.paper(), specimen=by_hand(), comparison=WHOLE, late=done)
    annul_apostille(actor=scene.ana, apostille=apostille, reason="Error")
    placed(scene, as_worker)
    signer = Signer("confianza.utopia.example", Ed25519PrivateKey.generate())
    (today,) = status_lists.publish(open_data.BOOKS, tmp_path, signer)
    payload = status_lists.read((tmp_path / f"{today}.json").read_bytes(), signer.verifier())
    number = number_of(apostille.entry)
    assert "-C-" in number
    assert [(row["number"], row["state"]) for row in payload["changed"]] == [(number, "annulled")]  # type: ignore[attr-defined]
    open_data.publish()
    rows = (settings.HOME / "datos" / "registro" / "actos.csv").read_text().splitlines()
    assert rows[1].split(",")[:2] == [number, "apostille/contingency"]


def test_the_packages_tell_the_register_without_persons(scene: Stage, as_worker: AsWorker) -> None:
    apostille = issue_apostille(actor=scene.ana, case=scene.submit())
    placed(scene, as_worker)
    open_data.publish()
    folder = settings.HOME / "datos"
    package = zipfile.ZipFile(io.BytesIO((folder / "registro.zip").read_bytes()))
    rows = package.read("actos.csv").decode().splitlines()
    assert rows[1].startswith(f"{number_of(apostille.entry)},apostille,")
    assert not any(word in "\n".join(rows) for word in ("Inventad", "INVENTAD", "ES,", "civil_registry"))
    described = json.loads(package.read("datapackage.json"))
    assert [field["name"] for field in described["resources"][0]["schema"]["fields"]] == rows[0].split(",")
    client = Client()
    assert client.get("/datos/catalogo.jsonld").status_code == 200
    assert client.get("/datos/registro/actos.csv").status_code == 200
    assert client.get("/datos/../claves/base.json").status_code == 404


def test_an_assistant_asks_over_mcp(scene: Stage) -> None:
    client = Client()

    def ask(method: str, **params: object) -> dict[str, object]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        found: dict[str, object] = client.post("/mcp", body, content_type="application/json").json()
        return found

    assert ask("initialize", protocolVersion="2025-06-18")["result"]["protocolVersion"] == "2025-06-18"  # type: ignore[index]
    assert ask("initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-11-25"  # type: ignore[index]
    assert len(ask("tools/list")["result"]["tools"]) == 6  # type: ignore[index]
    found = ask("tools/call", name="get_procedure", arguments={"key": "apostille"})["result"]
    assert found["structuredContent"]["source"].endswith("/api/v1/procedures/apostille")  # type: ignore[index]
    assert ask("tools/call", name="get_procedure", arguments={"key": "no"})["result"]["isError"] is True  # type: ignore[index]
    assert ask("tools/call", name="nada")["error"]["code"] == -32602  # type: ignore[index]
    assert ask("nada")["error"]["code"] == -32601  # type: ignore[index]
    assert client.post("/mcp", "[", content_type="application/json").json()["error"]["code"] == -32700
    said = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert client.post("/mcp", said, content_type="application/json").status_code == 202
    assert (
        client.post(
            "/mcp", said, content_type="application/json", headers={"Origin": "https://mal.example"}
        ).status_code
        == 403
    )
