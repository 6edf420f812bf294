"""Keep what cases only refer to: contacts, attachments, and acceptance codes."""
