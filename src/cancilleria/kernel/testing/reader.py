"""Reads a file in the child process and finds no signature in it. Imports nothing of Django's: the child has no settings."""

from __future__ import annotations

from collections.abc import Mapping


def one_page(data: bytes, given: Mapping[str, object]) -> dict[str, object]:
    """What an inspector answers for a file of one page without a signature."""
    return {"pages": 1, "signature": "unsigned"}
