"""Codes printed on paper."""
