"""Cancillería, the operating platform of a foreign ministry."""
