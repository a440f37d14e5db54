"""Codes of an application: each is good once, and the one before the present is still taken (RFC 6238, 5.2).

The library remembers used codes for half a minute in a cache. Here the newest counter used stands in the authenticator's own
row, which is locked while a code is compared: no code, nor an older one, is taken again, whatever the cache forgets.
"""

from __future__ import annotations

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from cancilleria.services.accounts.log import told

PERIOD = 30
LAST = "last_counter"


@transaction.atomic
def take_code(authenticator: Authenticator, code: str) -> bool:
    """Compare with this half minute and the one before; remember the counter that matched."""
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret, now = decrypt(held.data["secret"]), int(time.time()) // PERIOD
    for counter in (now, now - 1):
        if counter > held.data.get(LAST, 0) and compare_user_code(
            actual=code, expected=format_hotp_value(hotp_value(secret, counter))
        ):
            held.data[LAST] = counter
            held.save(update_fields=["data"])
            return True
    return False


class _ByCode(forms.BaseAuthenticateForm):  # type: ignore[misc]
    """Takes a code once."""

    def clean_code(self) -> str:
        clear_limit = forms.check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        found = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if found is None or not take_code(found, code):
            told("code refused", user=self.user.pk)
            raise forms.get_adapter().validation_error("incorrect_code")
        found.user, self.authenticator = self.user, found
        clear_limit()
        return code


class SignInForm(_ByCode, forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmForm(_ByCode, forms.ReauthenticateForm):  # type: ignore[misc]
    """Proving it again within a session."""
