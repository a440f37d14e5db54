"""Bytes, versions, classification, signature state and incoming files."""
