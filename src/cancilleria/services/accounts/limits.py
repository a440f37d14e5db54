"""How often something may be tried: per code as well as per address, so that guessing is hopeless."""

from __future__ import annotations

import hashlib

from django.core.cache import cache


def allowed(purpose: str, subject: str, *, times: int, seconds: int) -> bool:
    """Count one more try; False once `times` are used up within `seconds`. Subjects are kept as digests only."""
    key = hashlib.sha256(f"{purpose}/{subject}".encode()).hexdigest()[:40]
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= times
    except ValueError:  # it expired in between
        return True
