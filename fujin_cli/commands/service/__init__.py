"""Operate an installation: tick, status, outbox, ledger, doctor, and completion."""
