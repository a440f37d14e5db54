"""Parties to acts: persons, entities and States."""
