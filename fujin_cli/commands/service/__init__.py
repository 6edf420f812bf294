"""Commands that keep the house running: tick, status, outbox, ledger, doctor, and completion."""
