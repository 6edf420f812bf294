"""Show notifications: their wording and the outbox."""
