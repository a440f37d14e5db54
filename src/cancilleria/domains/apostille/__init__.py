"""Apostille of public documents (Hague Convention of 5 October 1961). System S04 of DOMAIN.md."""
