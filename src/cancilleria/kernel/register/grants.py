"""What each database role may do to the register's tables. Nobody may UPDATE or DELETE an entry: triggers stand behind."""

from __future__ import annotations

from collections.abc import Mapping

GRANTS: Mapping[str, Mapping[str, str]] = {
    "register_book": {"app": "SELECT, INSERT, UPDATE", "worker": "SELECT, INSERT, UPDATE"},
    "register_entry": {"app": "SELECT, INSERT", "worker": "SELECT, INSERT"},
    "register_entry_private": {"app": "SELECT, INSERT", "worker": "SELECT, INSERT"},
    "register_unsequenced": {"app": "SELECT, INSERT", "worker": "SELECT, INSERT, DELETE"},
    "register_leaf": {"app": "SELECT", "worker": "SELECT, INSERT"},
    "register_checkpoint": {"app": "SELECT", "worker": "SELECT, INSERT"},
    "register_cosignature": {"app": "SELECT", "worker": "SELECT, INSERT"},
    "register_pad": {"app": "SELECT, INSERT", "worker": "SELECT, INSERT"},
    "register_slip": {"app": "SELECT, INSERT, UPDATE", "worker": "SELECT"},
    "register_book_start": {"app": "SELECT, INSERT", "worker": "SELECT"},
    "register_imported": {"app": "SELECT, INSERT", "worker": "SELECT"},
    "register_read": {"app": "SELECT, INSERT", "worker": "SELECT"},
    "register_withheld": {"app": "SELECT, INSERT", "worker": "SELECT"},
    "register_hold": {"app": "SELECT, INSERT, UPDATE", "worker": "SELECT"},
    "django_migrations": {"app": "SELECT", "worker": "SELECT"},
}
