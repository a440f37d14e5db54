"""Erasure reaches everything: the whole database and the folder of files are searched for what was erased."""

from __future__ import annotations

import errno
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg import sql

from cancilleria.domains.apostille import tasks
from cancilleria.domains.apostille.actions import issue_apostille, keep_signed, keep_stamped
from cancilleria.domains.apostille.tests.cast import Stage, keys
from cancilleria.kernel.cases import doors, drafts
from cancilleria.kernel.cases import tasks as case_tasks
from cancilleria.kernel.cases.actions import decide_case, note_case
from cancilleria.kernel.cases.actions.access import give_data, note_read
from cancilleria.kernel.cases.actions.erasure import OnHold, StillOpen, erase_again, erase_person
from cancilleria.kernel.cases.actions.retention import hold_case
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.cases.rules import DENIED
from cancilleria.kernel.documents.models import Blob
from cancilleria.kernel.organs.actions import propose_act, second_act
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised
from cancilleria.kernel.organs.limits import HouseRules, house_rules
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pairs import NeedsSecond, Seconded
from cancilleria.kernel.organs.scope import viewer_scope
from cancilleria.kernel.people.models import Person, State
from cancilleria.kernel.register.checker import check
from cancilleria.kernel.register.models import Entry, Imported, Read, Withheld
from cancilleria.kernel.testing.cast import HEADQUARTERS, officer
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.interop.actions import make_token
from cancilleria.services.notices.actions import FILE, note_sent
from cancilleria.services.notices.models import Notice
from cancilleria.services.notices.outbox import Outbox
from cancilleria.site.dossier import pack
from cancilleria.site.erasures import ErasureFile, replay
from cancilleria.site.imports.folder import read
from cancilleria.site.imports.running import AGAIN, DONE, REFUSED, run

AsWorker = Callable[[], AbstractContextManager[None]]
# What only this person has: each is searched for in every row of every table.
SECRETS = (
    "Zoraida",
    "Quispicanchi",
    "ZQ-778899",
    "zoraida.q@utopia.example",
    "secreto-de-familia",
    "no-se-lee-el-folio",
)
ANSWERS = {
    "given_names": "Zoraida", "first_surname": "Quispicanchi", "document_number": "ZQ-778899",
    "email": "zoraida.q@utopia.example",
}  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[ErasureFile]:
    with doors.erasure_list.held(ErasureFile(tmp_path / "supresiones.jsonl")) as found:
        yield found  # type: ignore[misc]


def keeper(name: str) -> Actor:
    return officer(name, HEADQUARTERS, {"desk.cases", "data.erased", "data.given"})


def a_life(scene: Stage) -> Person:
    """A person with a case that was noted, decided and told, another still a draft, and a message in a file."""
    with doors.notices.held(Outbox()):
        case = scene.submit(scene.draft(**ANSWERS))
        note_case(actor=scene.ana, case=case, text="secreto-de-familia")
        irma = officer("Irma", HEADQUARTERS, {"desk.cases", "token.made"})
        _token, secret = make_token(actor=irma, label="Programa", scopes=["desk.cases"], days=1)
        program = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "a"})
        note = {"act": "note", "seen": Case.objects.get(pk=case.pk).revision, "given": {"text": "Llamó."}}
        told = program.post(f"/api/v1/desk/cases/{case.pk}/acts", note, content_type="application/json")
        assert b"Zoraida" in told.content
        issue_apostille(actor=scene.ana, case=case)
    for notice in Notice.objects.filter(case=case.pk):
        note_sent(actor=SYSTEM, notice=notice, subject="Aviso", body="Para Zoraida", channel=FILE)
    left = drafts.start(procedures.get("apostille"))
    drafts.answer(left, ANSWERS)
    person = Case.objects.get(pk=case.pk).applicant
    assert person is not None
    note_read(actor=scene.ana, what="case", subject=f"case:{case.pk}")
    return person


def places_of(text: str) -> list[str]:
    """Tables with a row that says it: as text, inside JSON, or as the bytes of a binary column."""
    found, coded = [], text.encode().hex()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            query = sql.SQL(
                "SELECT EXISTS (SELECT FROM {} t WHERE position(lower(%s) IN lower(t::text)) > 0"
                " OR position(%s IN t::text) > 0)"
            )
            cursor.execute(query.format(sql.Identifier(table)), [text, coded])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_nothing_of_an_erased_person_is_left_in_the_database_or_on_disk(
    scene: Stage, listed: ErasureFile, as_worker: AsWorker, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    person, other = a_life(scene), scene.submit()
    settings.EMAIL_FILE_PATH.mkdir(exist_ok=True)
    letter = settings.EMAIL_FILE_PATH / "carta.log"
    letter.write_bytes(EmailMessage("Aviso", "x", "m@utopia.example", [SECRETS[3]]).message().as_bytes())
    with as_worker():
        before = {secret: places_of(secret) for secret in SECRETS[:5]}
    assert all(before.values())
    first, second = keeper("Pilar"), keeper("Tomas")
    with pytest.raises(NeedsSecond):
        erase_person(actor=first, person=person, cause="request")
    home = Organ.objects.get(pk=HEADQUARTERS)
    with viewer_scope(first):
        proposal = propose_act(
            actor=first, verb="data.erased", organ=home, subject=person.key, arguments={"cause": "request"}
        )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        second_act(actor=second, proposal=proposal)
    with as_worker():
        assert {secret: places_of(secret) for secret in SECRETS} == {secret: [] for secret in SECRETS}
    assert not letter.exists()
    assert Entry.objects.filter(verb="erasure.decided", actor=first.key).count() == 1
    told = Entry.objects.get(verb="data.erased")
    (line,) = listed.lines()
    assert (line.subject, line.cause, len(line.files)) == (person.key, "request", told.facts["files"])
    assert (told.facts["scope"], told.facts["cases"], told.facts["cause"]) == ("person", 1, "request")
    assert Entry.objects.filter(verb="private.erased", relation="erases").count() == told.facts["entries"] > 2
    # The acts, their numbers and another person's case are where they were.
    assert Entry.objects.filter(verb="apostille.issued").count() == 1
    assert Case.objects.get(pk=other.pk).answers["given_names"] == "Carla"
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    key = scene.log.verifier().public
    assert check(origin=scene.log.name, public_keys=[key], folder=scene.sequencer.folder.path) == []


def test_a_file_goes_with_its_last_reference_and_not_before(
    scene: Stage, listed: ErasureFile, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    mine, theirs = scene.submit(scene.draft(**ANSWERS)), scene.submit()
    decide_case(actor=scene.ana, case=mine, outcome=DENIED, reason="no-se-lee-el-folio")
    digest = theirs.documents.get().document.versions.get().blob_id
    assert mine.documents.get().document.versions.get().blob_id == digest
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        erase_again(actor=SYSTEM, subject=str(mine.applicant_id), cause="order")
    assert scene.people.store.get(digest) == keys().document
    decide_case(actor=scene.ana, case=theirs, outcome=DENIED, reason="No procede.")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        erase_again(actor=SYSTEM, subject=str(theirs.applicant_id), cause="order")
    assert not Blob.objects.filter(pk=digest).exists()
    with pytest.raises(FileNotFoundError):
        scene.people.store.get(digest)


def test_a_certificate_is_signed_no_more_once_its_person_is_erased(
    scene: Stage, listed: ErasureFile, as_worker: AsWorker, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    case = scene.submit(scene.draft(**ANSWERS))
    issued = issue_apostille(actor=scene.ana, case=case)
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        erase_again(actor=SYSTEM, subject=str(case.applicant_id), cause="order")
    # The tasks end, and what a worker had composed before is not kept.
    tasks.sign(apostille=str(issued.pk))
    tasks.stamp(apostille=str(issued.pk))
    assert keep_signed(actor=SYSTEM, certificate=issued, data=keys().document) is None
    keep_stamped(actor=SYSTEM, certificate=issued, data=keys().document)
    issued.refresh_from_db()
    assert issued.document is None
    assert not Entry.objects.filter(verb__in=["document.signed", "document.stamped"]).exists()
    assert places_of(SECRETS[0]) == []


def test_an_imported_act_is_told_to_its_person_and_its_file_goes_with_them(
    scene: Stage, listed: ErasureFile, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    State.objects.get_or_create(code="ES", defaults={"alpha3": "ESP", "name_es": "España", "name_en": "Spain"})
    (tmp_path / "zoraida.pdf").write_bytes(keys().scan)
    (tmp_path / "actos.csv").write_text(
        "number,date,organ,verb,file,given_names,first_surname,document_kind,document_number,issuing_state\n"
        f"AP-1,2019-05-31,{HEADQUARTERS},apostille.issued,zoraida.pdf,Zoraida,Quispicanchi,passport,ZQ-778899,ES\n"
        f"AP-2,2019-05-31,{HEADQUARTERS},apostille.issued,,Zoraida,,passport,ZQ-778899,ES\n"
    )
    assert [row.result for row in run(read(tmp_path, "VIEJO"), SYSTEM)] == [DONE, REFUSED]
    assert [row.result for row in run(read(tmp_path, "VIEJO"), SYSTEM)] == [AGAIN, REFUSED]
    person = Person.objects.get(identity_documents__number="ZQ-778899")
    given = give_data(actor=keeper("Pilar"), person=person)
    assert given.files[0].data == keys().scan
    assert [row["number"] for row in given.rows["imported"]] == ["AP-1"]
    digest = Blob.objects.get(versions__document__title="zoraida.pdf").pk
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        erase_again(actor=SYSTEM, subject=person.key, cause="request")
    assert {secret: places_of(secret) for secret in SECRETS[:3]} == {secret: [] for secret in SECRETS[:3]}
    with pytest.raises(FileNotFoundError):
        scene.people.store.get(digest)
    assert Imported.objects.get().number == "AP-1"


def test_a_person_is_given_what_is_theirs_and_nothing_of_others(scene: Stage, listed: ErasureFile) -> None:
    person, other = a_life(scene), scene.submit()
    pilar = keeper("Pilar")
    given = verify_action(lambda: give_data(actor=pilar, person=person), records=["data.given"])
    packed = zipfile.ZipFile(io.BytesIO(pack(given, person)))
    told = packed.read("datos.json").decode() + packed.read("datos.html").decode()
    assert all(secret in told for secret in SECRETS[:5])
    assert [row["what"] for row in given.reads] == ["case"]
    assert len(given.files) == 1
    assert given.files[0].data == keys().document
    assert json.loads(packed.read("datos.json"))["rows"]["people"][0]["name"] == "Zoraida Quispicanchi"
    assert str(other.pk) not in told
    assert "carla@utopia.example" not in told
    stranger = officer("Ema", "organ:branch-abroad", {"data.given", "data.erased"})
    with pytest.raises(NotAuthorised):
        give_data(actor=stranger, person=person)


def test_the_auditor_is_told_once_when_somebody_opens_too_much(scene: Stage) -> None:
    with house_rules.held(HouseRules(reads_per_hour=2)):
        for number in (1, 2, 2):
            verify_action(lambda n=number: note_read(actor=scene.ana, what="case", subject=f"case:{n}"), records=[])  # type: ignore[misc]
        assert Read.objects.count() == 3
        for number, verbs in ((3, ["reads.exceeded"]), (4, [])):
            verify_action(
                lambda n=number: note_read(actor=scene.ana, what="person", subject=f"person:{n}"), records=verbs
            )  # type: ignore[misc]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Read.objects.all().delete()


def test_nothing_is_erased_while_a_request_waits_or_a_case_is_held(scene: Stage, listed: ErasureFile) -> None:
    case = scene.submit()
    assert case.applicant is not None
    confirmed = Seconded(uuid.uuid4())
    with pytest.raises(StillOpen):
        erase_person(actor=keeper("Pilar"), person=case.applicant, cause="request", seconded=confirmed)
    decide_case(actor=scene.ana, case=case, outcome=DENIED, reason="No procede.")
    hold_case(actor=officer("Rita", HEADQUARTERS, {"hold.placed"}), case=case, reason="Hay un proceso")
    with pytest.raises(OnHold):
        erase_person(actor=keeper("Tomas"), person=case.applicant, cause="request", seconded=confirmed)
    assert not Withheld.objects.exists()
    # Not even the application's own role empties a person without the act.
    with pytest.raises(DatabaseError, match="by a recorded act only"), transaction.atomic():
        connection.cursor().execute("SELECT people_erase(%s)", [case.applicant.key])


def test_a_restored_backup_is_brought_to_the_list_once(
    scene: Stage, listed: ErasureFile, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    person = a_life(scene)
    # Bytes of an erased file that the copy of the files brought back, and bytes that somebody else still has.
    back, kept = scene.people.store.put(b"vuelve"), Blob.objects.values_list("pk", flat=True)[0]
    other = scene.submit()
    listed.add(person.key, "request", [back])
    listed.add("person:of-another-installation", "request", [str(kept)])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        done = replay(listed)
    assert (len(done.told), done.again, done.files) == (2, 1, 1)
    assert "suprimida otra vez: 1 expedientes" in done.told[0]
    assert done.told[1].endswith("no consta en esta base")
    with pytest.raises(FileNotFoundError):
        scene.people.store.get(back)
    assert other.documents.get().document.versions.get().blob_id == kept
    assert scene.people.store.get(str(kept)) == keys().document
    assert Entry.objects.get(verb="data.erased").facts["again"] is True
    assert "ya estaba suprimida" in replay(listed).told[0]


def test_an_erasure_made_while_the_disk_is_full_is_listed_once_there_is_room(
    scene: Stage, listed: ErasureFile, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    case = scene.submit(scene.draft(**ANSWERS))
    decide_case(actor=scene.ana, case=case, outcome=DENIED, reason="no-se-lee-el-folio")
    listed.path.write_text('{"subject": "person:torn", "cau')
    full = patch.object(Path, "open", side_effect=OSError(errno.ENOSPC, "No space left on device"))
    with django_capture_on_commit_callbacks() as after:  # type: ignore[attr-defined]
        erase_again(actor=SYSTEM, subject=str(case.applicant_id), cause="order")
    with full, pytest.raises(OSError, match="No space"):
        next(call for call in after if call.func.__name__ == "add")()
    assert list(listed.lines()) == []
    ((name, ids),) = [task for task in scene.people.queued.tasks if task[0] in case_tasks.TASKS]
    for _ in range(2):
        case_tasks.TASKS[name](**ids)
    (line,) = listed.lines()
    assert (line.subject, line.cause, len(line.files)) == (case.applicant_id, "order", 1)
