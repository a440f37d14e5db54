"""Signatures fill their room to the byte, whatever the sizes of what comes back."""

from __future__ import annotations

from itertools import chain, repeat

import pytest
from pyhanko.sign.timestamps import dummy_client

from cancilleria.services.signing.evidence import VALID, verify_file
from cancilleria.services.signing.pades import LocalTimeStamps, SignedDocument, StampFailed
from cancilleria.services.signing.tests.invented import ministry


@pytest.mark.parametrize("first", [1, 2**63])
def test_a_token_of_rare_size_at_first_does_not_keep_the_next_from_fitting(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials = chain([first], repeat(2**62))
    monkeypatch.setattr(dummy_client, "get_nonce", lambda: next(serials))
    made = ministry()
    stamped = LocalTimeStamps(made.stamper).append(SignedDocument(made.signed))
    assert verify_file(stamped.data, made.trust).result == VALID


def test_tokens_that_never_repeat_their_size_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    serials = (2 ** (64 * n) for n in range(1, 100))
    monkeypatch.setattr(dummy_client, "get_nonce", lambda: next(serials))
    with pytest.raises(StampFailed, match="ever other sizes"):
        LocalTimeStamps(ministry().stamper).append(SignedDocument(ministry().signed))
