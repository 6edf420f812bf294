"""Run operations on an in-memory ledger: scenarios, replays, and mutations of procedures."""
