"""Money: tariff, payment orders, numbered receipts, the cashier's session, the gateway, and the ledger behind all of them."""
