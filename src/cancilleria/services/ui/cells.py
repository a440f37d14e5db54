"""Cells of tables that people open with a spreadsheet. Pure."""

from __future__ import annotations


def cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
