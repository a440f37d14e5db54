"""Figures of the plan: declared over verbs and facts, computed from acts, opened to the list of them (DESIGN 2.4)."""
