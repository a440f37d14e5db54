"""Sign-in and second factors, by allauth's own views: each gets its audience here, and only these are reachable.

Everything but signing in demands a session: allauth's views see to that, and to asking again for the password.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from cancilleria.services.accounts.audience import EVERYONE, audience

everyone = audience(EVERYONE)
login = everyone(account.login)
logout = everyone(account.logout)
reauthenticate = everyone(account.reauthenticate)
authenticate = everyone(mfa.authenticate)
reauthenticate_mfa = everyone(mfa.reauthenticate)
factors = everyone(mfa.index)
activate_totp = everyone(totp.activate_totp)
passkeys = everyone(webauthn.list_webauthn)
add_passkey = everyone(webauthn.add_webauthn)
remove_passkey = everyone(webauthn.remove_webauthn)
edit_passkey = everyone(webauthn.edit_webauthn)
login_passkey = everyone(webauthn.login_webauthn)
reauthenticate_passkey = everyone(webauthn.reauthenticate_webauthn)
