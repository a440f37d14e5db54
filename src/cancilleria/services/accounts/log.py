"""Lines about access in the installation's log: what, from where, and whose account by its number, never by what was typed."""

from __future__ import annotations

import logging

from allauth.core import context

log = logging.getLogger("cancilleria.access")


def told(event: str, *, user: object = None) -> None:
    """One line, of values this program made: nothing in it comes from a form or a header."""
    request = context.request
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    log.warning("%s user=%s from=%s", event, user or "unknown", address)
