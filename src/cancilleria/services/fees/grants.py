"""What the database roles may do to the ledger: add, never change. Triggers stand behind."""

from __future__ import annotations

from collections.abc import Mapping

ADD = {"app": "SELECT, INSERT", "worker": "SELECT, INSERT"}
CHANGE = {"app": "SELECT, INSERT, UPDATE", "worker": "SELECT, INSERT, UPDATE"}
GRANTS: Mapping[str, Mapping[str, str]] = {
    "fees_account": ADD, "fees_movement": ADD, "fees_line": ADD, "fees_receiptline": ADD, "fees_orderline": ADD,
    "fees_receipt": CHANGE, "fees_order": CHANGE, "fees_refund": CHANGE, "fees_payment": CHANGE,
    "fees_cashsession": CHANGE, "fees_tariffline": CHANGE, "fees_rate": CHANGE, "fees_means": CHANGE,
    "fees_exemption": CHANGE,
}  # fmt: skip
