"""The seal on the paper: printed, scanned badly, read and judged with the trust list only; annulment is the register's."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageFilter

from cancilleria.domains.apostille import actions, queries, tasks
from cancilleria.domains.apostille.models import Apostille
from cancilleria.domains.apostille.tests.cast import Stage, stage
from cancilleria.domains.apostille.tests.test_certificate import DATA, FIELDS, certificate
from cancilleria.kernel.documents.queries import content
from cancilleria.kernel.register.queries import ANNULLED
from cancilleria.services.seals import certificates, layouts, vds
from cancilleria.services.seals.codes import data_matrix, picture, read_codes
from cancilleria.services.seals.judge import Judgement, judge, judge_codes
from cancilleria.services.seals.keys import SealingKey
from cancilleria.services.signing.evidence import ISSUER_UNKNOWN, NOT_VALID, UNREADABLE, VALID
from cancilleria.services.signing.tests.invented import ministry
from cancilleria.services.signing.trust import BadTrustList, TrustList, parse, sign

AsWorker = Callable[[], AbstractContextManager[None]]
SEED, DPI, ON = 20261125, 100, date(2026, 11, 23)
WHOLE = {**{name: str(value) for name, value in FIELDS.items()}, "on": ON.isoformat()}
LONG = {
    "signed_by": "ROSA INVENTADA DE LA TORRE Y MONTENEGRO DE LOS RÍOS Y DE LA CONCEPCIÓN DEL SEÑOR",
    "capacity": "Registradora titular encargada de la oficina de certificaciones de la sede central",
    "seal_of": "Registro Civil Inventado de la Provincia Constitucional de Utopía la Vieja y de sus Distritos Alejados",
}


@pytest.fixture(scope="module")
def key() -> SealingKey:
    return SealingKey("UT", "CE", ec.generate_private_key(ec.SECP256R1()), date(2026, 1, 1))


@pytest.fixture(scope="module")
def trust(key: SealingKey) -> TrustList:
    return replace(ministry().trust, seals=(key.trusted(),))


def printed(key: SealingKey, kind: str = "apostille", **changed: str) -> bytes:
    """The certificate's PDF with its own seal."""
    fields = WHOLE | changed
    sealed = key.seal(layouts.APOSTILLE, certificates.features(fields, ON), issued_on=ON, at=ON)
    code = data_matrix(sealed)
    shown = dict(DATA["fields"]) | changed  # type: ignore[call-overload]
    direction = "outward" if kind == "legalisation" else ""
    return certificate(kind, code=code.svg, fields=shown, seal_side=code.side, joined=True, direction=direction)


def scanned(data: bytes, chance: random.Random) -> Image.Image:
    """The page as an old office machine gives it: 100 dots an inch, grey, out of focus, crooked, with dirt."""
    with pypdfium2.PdfDocument(data) as document:
        page: Image.Image = document[0].render(scale=DPI / 72, grayscale=True).to_pil()
    crooked = page.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=255)
    soft = crooked.filter(ImageFilter.GaussianBlur(0.4)).point(lambda v: 40 + v * 180 // 255)
    noise = Image.frombytes("L", soft.size, chance.randbytes(soft.width * soft.height))
    return Image.blend(soft, noise, 0.12)


@pytest.mark.parametrize("kind", ["apostille", "legalisation"])
def test_a_bad_scan_is_read_and_verified_with_the_trust_list_only(key: SealingKey, trust: TrustList, kind: str) -> None:
    print(f"seed {SEED}")
    chance, data = random.Random(SEED), printed(key, kind, **LONG)
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 1
    found = [judge_codes(read_codes(scanned(data, chance)), trust) for _ in range(10)]
    assert [(one.result, one.reason) for one in found] == [(VALID, "")] * 10
    assert found[0].fields["number"] == WHOLE["number"]
    assert found[0].fields["on"] == ON.isoformat()


def test_the_first_page_of_a_pdf_is_read(key: SealingKey, trust: TrustList) -> None:
    found = judge_codes(read_codes(picture(printed(key))), trust)
    assert (found.result, found.kind, dict(found.fields)) == (VALID, layouts.LAYOUTS[layouts.APOSTILLE], WHOLE)


def test_what_is_not_ours_is_told_apart(key: SealingKey, trust: TrustList) -> None:
    def told(data: bytes) -> Judgement:
        return judge(data, trust)

    features = certificates.features(WHOLE, ON)
    good = key.seal(layouts.APOSTILLE, features, issued_on=ON, at=ON)
    assert told(good).result == VALID
    assert told(good.replace(b"ROSA", b"RITA")).result == NOT_VALID
    assert told(good[:-1]).result == told(b"https://cancilleria.example/").result == UNREADABLE
    other = replace(key, key=ec.generate_private_key(ec.SECP256R1()))
    assert told(other.seal(layouts.APOSTILLE, features, issued_on=ON, at=ON)).result == ISSUER_UNKNOWN
    # A thief may name our key in the header: only the signature counts.
    header = vds.Header("UT", key.signer, key.certificate, ON, ON, *layouts.APOSTILLE)
    assert told(vds.sign(header, features, other.key)).result == NOT_VALID
    early = key.seal(layouts.APOSTILLE, features, issued_on=ON, at=date(2025, 12, 31))
    assert "no firmaba el 2025-12-31" in told(early).reason
    assert judge_codes([b"https://cancilleria.example/"], trust).result == UNREADABLE


def test_the_trust_list_tells_the_seals_and_an_old_one_tells_none(trust: TrustList) -> None:
    signer = ministry().log
    assert parse(sign(trust, signer)).seals == trust.seals
    assert parse(sign(replace(trust, seals=()), signer)).seals == ()
    ended = replace(trust.seals[0], until=date(2026, 6, 30))
    assert parse(sign(replace(trust, seals=(ended,)), signer)).seals == (ended,)
    with pytest.raises(BadTrustList, match="cambió después de firmarse"):
        parse(sign(trust, signer).replace(b'"reference": "UTCE', b'"reference": "UTCF'))


@pytest.fixture
def scene(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(tasks, "WITNESS_PATIENCE", timedelta(0))
    with stage(tmp_path) as found:
        yield found


@pytest.mark.django_db
def test_an_annulled_act_keeps_a_valid_seal_and_the_register_says_annulled(scene: Stage, as_worker: AsWorker) -> None:
    apostille = actions.issue_apostille(actor=scene.ana, case=scene.submit())
    with as_worker():
        scene.sequencer.start()
        scene.sequencer.step()
    tasks.sign(str(apostille.pk))
    version = queries.downloadable(Apostille.objects.get(pk=apostille.pk))
    assert version is not None
    actions.annul_apostille(actor=scene.ana, apostille=apostille, reason="Documento falso")
    found = judge_codes(read_codes(picture(content(version))), scene.trust())
    assert (found.result, dict(found.fields)) == (VALID, queries.fields_of(apostille.entry))
    asked = queries.verify(found.fields["number"], queries.verification_code(apostille.entry_id))
    assert asked is not None
    assert asked.status.state == ANNULLED
