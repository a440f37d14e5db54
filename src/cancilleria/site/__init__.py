"""Composition: settings, addresses, navigation, shells, embedded database, commands."""
