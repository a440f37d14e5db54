"""Messages to people, through an outbox, with their status."""
