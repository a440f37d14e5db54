"""An officer's browser without JavaScript, with their second factor."""

from __future__ import annotations

from tests.drills.citizen import PATIENT, Citizen
from tests.serving import Serving, totp


def enter(serving: Serving, name: str, path: str) -> Citizen:
    """Whoever of the demonstration has an address that begins with `name`, signed in on the way to `path`."""
    login = next(login for login in serving.logins if login["email"].startswith(name))
    browser = Citizen(serving.address, patience=PATIENT)
    page = browser.get(path)
    page = browser.send(page, page.form(having="login"), {"login": login["email"], "password": login["password"]})
    browser.send(page, page.form(having="code"), {"code": totp(login["totp_secret"])})
    return browser
