"""What is recorded of keys, and revocation lists as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cancilleria.kernel.organs.authority import CITIZEN, SYSTEM, NotAuthorised
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.testing.cast import HEADQUARTERS, on_stage
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.signing import actions, pki
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.revocation import CannotRevoke, Revocations
from cancilleria.services.signing.tests.invented import ministry
from cancilleria.services.signing.verbs import Replaced


@pytest.fixture
def organ(db: None) -> Iterator[Organ]:
    with on_stage():
        yield Organ.objects.get(pk=HEADQUARTERS)


def test_a_revocation_and_a_new_key_are_acts(organ: Organ) -> None:
    replaced = Replaced(what="signer", former="ab" * 32, now="cd" * 32)
    verify_action(lambda: actions.note_replaced(actor=SYSTEM, organ=organ, replaced=replaced), records=["key.replaced"])
    verify_action(
        lambda: actions.note_revoked(
            actor=SYSTEM, organ=organ, certificate="ab" * 32, since=pki.now(), reason="La llave se perdió"
        ),
        records=["certificate.revoked"],
    )
    with pytest.raises(NotAuthorised):
        actions.note_revoked(actor=CITIZEN, organ=organ, certificate="ab" * 32, since=pki.now(), reason="x")
    with pytest.raises(NotAuthorised):
        actions.note_replaced(actor=CITIZEN, organ=organ, replaced=replaced)


def test_a_revocation_list_keeps_its_rows_and_takes_each_certificate_once(tmp_path: Path) -> None:
    made, lists, at = ministry(), Revocations(tmp_path / "pki"), pki.now().replace(microsecond=0)
    signer = made.signer.certificate
    assert (lists.files(), lists.of([signer])) == ([], ())
    lists.publish(made.root, at=at)
    assert lists.of([signer]) == ()
    lists.revoke(made.root, signer, since=at - timedelta(hours=1), at=at)
    lists.publish(made.root, at=at)
    (found,) = lists.of([signer, made.stamper.certificate])
    assert (found.certificate, found.since) == (fingerprint(signer), at - timedelta(hours=1))
    with pytest.raises(CannotRevoke, match="ya está"):
        lists.revoke(made.root, signer, since=at, at=at)
    with pytest.raises(CannotRevoke, match="futuro"):
        lists.revoke(made.root, made.stamper.certificate, since=at + timedelta(days=1), at=at)
    stranger = pki.make_authority("Otra", country="UT", at=at)
    with pytest.raises(CannotRevoke, match="no lo emitió"):
        lists.revoke(made.root, stranger.certificate, since=at, at=at)
