"""Files kept under their SHA-256."""
