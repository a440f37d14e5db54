"""The register of official acts: entries, numbering in books, verbs, transparency log. Imports nothing, so that its pure modules load without Django."""
