"""The interface for programs: OpenAPI 3.1 over the reads and acts that pages use, with the same authority and limits."""
