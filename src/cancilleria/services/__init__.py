"""Capabilities any domain may use, each replaceable behind its door."""
