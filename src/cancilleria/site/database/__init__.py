"""The database: an embedded PostgreSQL for whoever has none, and the three roles for everybody (DECISIONS 13, 32, 33)."""
