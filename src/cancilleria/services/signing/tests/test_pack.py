"""The evidence pack: what its one-file verifier says of a whole one, and that it says no to each tampering."""

from __future__ import annotations

import ast
import io
import random
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from cancilleria.kernel.register.note import Signer
from cancilleria.services.signing import pki
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.evidence import NOT_VALID, VALID, verify_file
from cancilleria.services.signing.pack import check
from cancilleria.services.signing.pack.check import check_pack, manifest_of
from cancilleria.services.signing.pack.command import main, read_pack
from cancilleria.services.signing.pack.lists import read_trust
from cancilleria.services.signing.pack.make import make_pack
from cancilleria.services.signing.pack.refused import Refused
from cancilleria.services.signing.pack.script import script
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.pades import (
    DIGEST,
    STAMP_FIELD,
    DocumentToSign,
    LocalTimeStamps,
    Seal,
    SignedDocument,
    stamper_of,
)
from cancilleria.services.signing.tests.invented import TEMPLATE, files, ministry
from cancilleria.services.signing.trust import Revoked, TrustList, sign

NOW = datetime.now(UTC) + timedelta(hours=1)  # keys are made after this line, on a slow machine long after
SUBSTANCE = (check.DOCUMENT, check.PROOF, check.CHECKPOINT, check.COSIGNATURES, check.CERTIFICATES, check.TRUST)


@lru_cache(maxsize=1)
def crl() -> bytes:
    return pki.make_crl(ministry().root, [], at=pki.now()).public_bytes(Encoding.DER)


@lru_cache(maxsize=1)
def packed() -> bytes:
    return make_pack(ministry().stamped, ministry().trust_file, lists=[crl()])


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def refused(members: dict[str, bytes]) -> bool:
    try:
        check_pack(members, read_trust(ministry().trust_file), NOW)
    except Refused:
        return True
    return False


def trusting(**changes: object) -> tuple[TrustList, bytes]:
    made = replace(ministry().trust, **changes)  # type: ignore[arg-type]
    return made, sign(made, Signer("confianza.utopia", ministry().log.key))


def test_a_pack_is_the_same_bytes_each_time_and_holds() -> None:
    assert packed() == make_pack(ministry().stamped, ministry().trust_file, lists=[crl()])
    found = check_pack(opened(packed()), None, NOW)
    assert (found.act["number"], found.public["signed_by"]) == (7, "ROSA INVENTADA QUISPE")
    assert (found.witnessed, found.own_trust, found.lists, found.revoked_at) == (True, True, 1, None)
    assert found.original in str(found.public["documents"])


def test_the_one_file_runs_alone_with_nothing_but_cryptography(tmp_path: Path) -> None:
    for name, data in (("pack.zip", packed()), ("verificar.py", script()), ("trust.json", ministry().trust_file)):
        (tmp_path / name).write_bytes(data)
    # -I keeps this project out of the path it is run from; the import below proves that it is not used.
    command = [sys.executable, "-I", "verificar.py", "pack.zip", "--trust", "trust.json", "--en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0], "CAUTION" in done.stdout) == (0, "VALID", False), done.stderr
    done = subprocess.run([*command[:4]], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "ATENCIÓN" in done.stdout) == (0, True)


def test_the_one_file_imports_the_standard_library_and_cryptography_and_defines_each_name_once() -> None:
    tree = ast.parse(script())
    modules = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert modules <= {*sys.stdlib_module_names, "cryptography"}
    names = Counter(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    names.update(t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_changed_bit_of_any_member_passes() -> None:
    chance, whole, passed = random.Random(20261125), opened(packed()), []
    for name, data in whole.items():
        for _ in range(25):
            bit = chance.randrange(len(data) * 8)
            changed = data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]
            if not refused(whole | {name: changed}):
                passed.append((name, bit))
    assert passed == []


@pytest.mark.parametrize("name", [*SUBSTANCE, f"{check.REVOCATION}01.crl", f"{check.STAMPS}01.tst"])
def test_no_changed_bit_passes_though_the_manifest_agrees(name: str) -> None:
    chance, whole, passed = random.Random(name), opened(packed()), []
    for _ in range(120):
        bit = chance.randrange(len(whole[name]) * 8)
        data = bytearray(whole[name])
        data[bit // 8] ^= 1 << bit % 8
        changed = whole | {name: bytes(data)}
        if not refused(changed | {check.MANIFEST: manifest_of(changed)}):
            passed.append(bit)
    assert passed == []


def test_a_missing_an_extra_and_a_doubled_member_are_refused(tmp_path: Path) -> None:
    whole = opened(packed())
    for name in whole:
        assert refused({key: data for key, data in whole.items() if key != name}), name
    assert refused(whole | {"nota.txt": b"hola"})
    doubled = tmp_path / "doubled.zip"
    doubled.write_bytes(packed())
    with zipfile.ZipFile(doubled, "a") as found, pytest.warns(UserWarning, match="Duplicate name"):
        found.writestr(check.DOCUMENT, whole[check.DOCUMENT])
    with pytest.raises(Refused):
        read_pack(doubled)


def test_the_command_tells_invalid_from_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed()[:500])
    assert main([str(path)]) == 2
    changed = opened(packed()) | {check.READ_ME: b"Venga a nuestra ventanilla"}
    with zipfile.ZipFile(path, "w") as written:
        for name, data in changed.items():
            written.writestr(name, data)
    assert main([str(path), "--en"]) == 1
    assert "NOT VALID: a file of the pack" in capsys.readouterr().out


def test_the_list_of_another_ministry_holds_nothing_good() -> None:
    other = pki.make_authority("Otra", country="UT", at=pki.now())
    _, file = trusting(roots=(other.certificate,))
    with pytest.raises(Refused) as error:
        check_pack(opened(packed()), read_trust(file), NOW)
    assert error.value.code == "issuer"


@dataclass
class Forger(LocalTimeStamps):
    """Changes the document in the very revision that a genuine authority then stamps."""

    change: Callable[[IncrementalPdfFileWriter], None] = lambda writer: None

    def _append(self, document: SignedDocument, room: int) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(document.data))
        self.change(writer)
        stamper = signers.PdfTimeStamper(stamper_of(self.identity), field_name=STAMP_FIELD)
        return bytes(stamper.timestamp_pdf(writer, DIGEST, bytes_reserved=room).getbuffer())


def forged(change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    return Forger(ministry().stamper, change=change).append(SignedDocument(ministry().signed)).data


def page(writer: IncrementalPdfFileWriter) -> None:
    """Other contents on the page."""
    found = writer.root["/Pages"]["/Kids"][0].get_object()
    found["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.update_container(found)


def contents(writer: IncrementalPdfFileWriter) -> None:
    """The same contents object, written again."""
    found = writer.root["/Pages"]["/Kids"][0].get_object().raw_get("/Contents")
    writer.mark_update(found)
    writer.objects[(0, found.idnum)] = generic.StreamObject(stream_data=b"0 0 100 100 re f")


def attachment(writer: IncrementalPdfFileWriter) -> None:
    """Another file in the place of one of its own."""
    stream = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    spec = generic.DictionaryObject(
        {generic.pdf_name("/EF"): generic.DictionaryObject({generic.pdf_name("/F"): stream})}
    )
    writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1] = writer.add_object(spec)
    writer.update_root()


def note(writer: IncrementalPdfFileWriter) -> None:
    """An annotation that is seen."""
    look = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    kinds = {"/Type": "/Annot", "/Subtype": "/Stamp"}
    made = generic.DictionaryObject({generic.pdf_name(k): generic.pdf_name(v) for k, v in kinds.items()})
    made["/Rect"] = generic.ArrayObject([generic.NumberObject(side) for side in (0, 0, 100, 100)])
    made["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): look})
    found = writer.root["/Pages"]["/Kids"][0].get_object()
    found["/Annots"].append(writer.add_object(made))
    writer.update_container(found["/Annots"])


FORGERIES = [page, contents, attachment, note]


@pytest.mark.parametrize("change", FORGERIES)
def test_what_is_changed_in_the_revision_of_a_genuine_time_stamp_is_refused(
    change: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    data = forged(change)
    assert verify_file(data, ministry().trust).result == NOT_VALID
    with pytest.raises(Refused) as error:
        make_pack(data, ministry().trust_file)
    assert error.value.code == "later_change"


def test_the_same_revision_without_a_change_is_good() -> None:
    assert verify_file(forged(lambda writer: None), ministry().trust).result == VALID


def test_a_time_stamp_authority_signs_no_documents_and_the_seal_puts_no_time_stamps() -> None:
    made = ministry()
    from_stamper = Seal(made.stamper).sign(_document(), reason="Apostilla")
    assert verify_file(from_stamper.data, made.trust).result == NOT_VALID


def test_a_signature_older_than_the_revocation_stays_good_and_one_without_a_stamp_does_not() -> None:
    stamped_at = verify_file(ministry().stamped, ministry().trust).stamped_at
    assert stamped_at is not None
    since = stamped_at + timedelta(seconds=1)
    trust, file = trusting(revoked=(Revoked(fingerprint(ministry().signer.certificate), since),))
    later = since + timedelta(days=1)
    report = verify_file(ministry().stamped, trust, later)
    assert (report.result, report.revoked_at) == (VALID, since)
    report = verify_file(ministry().signed, trust, later)
    assert (report.result, "revocó" in report.reason) == (NOT_VALID, True)
    assert check_pack(opened(packed()), read_trust(file), later).revoked_at == since


def test_a_revocation_list_in_the_pack_counts_like_the_trust_list() -> None:
    made = ministry()
    listed = pki.make_crl(made.root, [made.signer.certificate], at=NOW - timedelta(days=1))
    pack = make_pack(made.stamped, made.trust_file, lists=[listed.public_bytes(Encoding.DER)])
    with pytest.raises(Refused) as error:
        check_pack(opened(pack), None, NOW)
    assert error.value.code == "revoked"
    stranger = pki.make_crl(pki.make_authority("Autoridad de prueba", country="UT", at=NOW), [], at=NOW)
    pack = make_pack(made.stamped, made.trust_file, lists=[stranger.public_bytes(Encoding.DER)])
    with pytest.raises(Refused) as error:
        check_pack(opened(pack), None, NOW)
    assert error.value.code == "crl"


def test_a_signature_outlives_its_certificate_only_under_a_time_stamp() -> None:
    made = ministry()
    brief = pki.make_signer(
        "Ministerio", organisation="Utopia", title="", country="UT", above=made.root, at=pki.now(), days=1
    )
    signed = Seal(brief).sign(_document(), reason="Apostilla")
    stamped = LocalTimeStamps(made.stamper).append(signed)
    assert verify_file(signed.data, made.trust, NOW).result == VALID
    assert verify_file(signed.data, made.trust, NOW + timedelta(days=2)).result == NOT_VALID
    assert verify_file(stamped.data, made.trust, NOW + timedelta(days=2)).result == VALID


def _document() -> DocumentToSign:
    made = ministry()
    return compose(TEMPLATE, files(made.log, made.witness))
