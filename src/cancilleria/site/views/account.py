"""Sign-in, by allauth's own views: each gets its audience here, and only these are reachable."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa

from cancilleria.services.accounts.audience import EVERYONE, audience

login = audience(EVERYONE)(account.login)
logout = audience(EVERYONE)(account.logout)
reauthenticate = audience(EVERYONE)(account.reauthenticate)
authenticate = audience(EVERYONE)(mfa.authenticate)
