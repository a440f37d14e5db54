"""Backups of an installation: base copies and archive of the database, files, log, keys apart; and the way back."""
