"""The evidence pack of an issued document, and the one-file verifier that goes inside it."""
