"""What is read of the log: notes, checkpoints, keys, receipts, canonical values and the trust list."""

from __future__ import annotations

from contextlib import suppress

from tests.fuzz.keys import LEAF_HASH, trust_list

from cancilleria.kernel.register import canonical as values
from cancilleria.kernel.register import receipt as receipts
from cancilleria.kernel.register.merkle import ProofError
from cancilleria.kernel.register.note import Checkpoint, Note, NoteError, VerifierKey
from cancilleria.services.signing import trust as lists
from cancilleria.services.signing.pack.lists import read_trust
from cancilleria.services.signing.pack.notes import decoded, key_of, split_note
from cancilleria.services.signing.pack.refused import Refused

TRUST = trust_list()


def note(data: bytes) -> None:
    """What is read is written again as it was."""
    text = data.decode("utf-8", "replace")
    for read in (Note.parse, VerifierKey.parse):
        with suppress(NoteError):
            assert str(read(text)) == (text if read == Note.parse else text.strip())
    with suppress(NoteError):
        found = Checkpoint.parse(text)
        assert text.startswith(str(found))
    for again in (split_note, key_of):
        with suppress(Refused):
            again(text)


def receipt(data: bytes) -> None:
    """Both readers, which share no code, refuse what they do not prove."""
    with suppress(ProofError):
        assert bytes(receipts.parse(data)) == data
    with suppress(ProofError):
        receipts.verify(data, LEAF_HASH, logs=TRUST.logs, witnesses=TRUST.witnesses, quorum=1)


def canonical(data: bytes) -> None:
    """One form and no other."""
    with suppress(values.NotCanonical):
        assert values.encode(values.decode(data)) == data
    with suppress(Refused):
        decoded(data)


def trust(data: bytes) -> None:
    """Both readers of the trust list."""
    with suppress(lists.BadTrustList):
        lists.parse(data)
    with suppress(Refused):
        read_trust(data)
