"""Procedures as values, and the one life of every case."""
