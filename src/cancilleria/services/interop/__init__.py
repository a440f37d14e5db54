"""What other systems use: tokens, errors, paging and idempotency of the interface, webhooks, status lists, data packages, MCP."""
