"""Keep the ledger as TinyDB volumes: locks, intents, hash chains, markers, and quarantine."""
