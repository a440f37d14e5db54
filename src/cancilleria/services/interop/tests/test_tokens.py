"""Tokens and subscriptions: what is given, what it may do, and when it is worth nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from cancilleria.kernel.organs.actions import relieve_officer
from cancilleria.kernel.organs.authority import SYSTEM, Actor, NotAuthorised
from cancilleria.kernel.organs.models import Post, Posting
from cancilleria.kernel.testing.cast import HEADQUARTERS, Cast, officer, on_stage
from cancilleria.kernel.testing.replay import verify_action
from cancilleria.services.interop import actions, tokens
from cancilleria.services.interop.models import Token
from cancilleria.services.interop.outgoing import Refused, Rules, check

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with on_stage() as found:
        yield found


@pytest.fixture
def irma(cast: Cast) -> Actor:
    return officer("Irma", HEADQUARTERS, {"desk.cases", "desk.people", "token.made", "webhook.subscribed"})


def made(actor: Actor, *scopes: str, days: int = 30) -> str:
    return actions.make_token(actor=actor, label="Programa", scopes=scopes or ["desk.cases"], days=days)[1]


def test_a_token_is_recorded_and_only_its_digest_is_kept(irma: Actor) -> None:
    token, secret = verify_action(
        lambda: actions.make_token(actor=irma, label="Programa", scopes=["desk.cases"], days=30), records=["token.made"]
    )
    assert secret not in str(Token.objects.filter(pk=token.pk).values().get())
    bearer = tokens.bearer_of(f"Bearer {secret}")
    assert bearer is not None
    assert (bearer.actor.key, bearer.actor.powers) == (irma.key, frozenset({"desk.cases"}))


def test_a_token_is_never_wider_than_the_post(irma: Actor) -> None:
    with pytest.raises(NotAuthorised):
        made(irma, "apostille.issued")
    secret = made(irma, "desk.cases", "desk.people")
    Post.objects.filter(postings=irma.key).update(powers=["desk.cases", "token.made"])
    bearer = tokens.bearer_of(f"Bearer {secret}")
    assert bearer is not None
    assert bearer.actor.powers == {"desk.cases"}
    Post.objects.filter(postings=irma.key).update(powers=["desk.cases"])
    assert tokens.bearer_of(f"Bearer {secret}") is None


def test_a_token_dies_when_it_expires_is_revoked_or_its_posting_ends(irma: Actor, cast: Cast) -> None:
    secret = made(irma)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tokens.bearer_of(f"Bearer {secret}") is None
    secret = made(irma)
    token = Token.objects.get(digest=tokens.digest_of(secret)).pk
    with pytest.raises(NotAuthorised):
        actions.revoke_token(actor=cast.alicia, token=token)
    verify_action(lambda: actions.revoke_token(actor=irma, token=token), records=["token.revoked"])
    assert tokens.bearer_of(f"Bearer {secret}") is None
    with pytest.raises(actions.AlreadyOver):
        actions.revoke_token(actor=irma, token=token)
    secret = made(irma)
    posting = Posting.objects.get(pk=irma.key)
    relieve_officer(actor=SYSTEM, posting=posting, last_day=posting.from_date)
    assert tokens.bearer_of(f"Bearer {secret}") is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic cancilleria_x", "Bearer cancilleria_" + "a" * 900])
def test_what_is_no_token_is_nobody(irma: Actor, header: str) -> None:
    assert tokens.bearer_of(header) is None


def test_who_lacks_the_power_gives_no_token(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        made(cast.alicia)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://otro.example/x", "not-listed"), ("http://socio.example/x", "not-https"), ("ftp://socio.example/", "not-https"),
        ("https://u:p@socio.example/", "malformed"), ("https://socio.example:99999/", "malformed"), ("socio.example", "malformed"),
        ("https://socio.example/ a", "malformed"), ("https://[::1/", "malformed"), ("https://socio.example/\r\nX: y", "malformed"),
    ],
)  # fmt: skip
def test_only_listed_hosts_are_called(address: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        check(address, Rules(frozenset({"socio.example"})))
    assert refused.value.why == why
