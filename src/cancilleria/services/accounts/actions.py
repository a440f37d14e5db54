"""Writers of users."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from cancilleria.services.accounts.models import User


@transaction.atomic
def open_account(*, officer: str, email: str, password: str, totp_secret: str) -> User:
    """A user for a posted officer, with password and second factor, for whoever installs to hand over."""
    user = User(email=email, officer=officer)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    TOTP.activate(user, totp_secret)
    return user
