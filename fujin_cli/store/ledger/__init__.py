"""Keep the events of cases: the ledger protocol and its implementations."""
