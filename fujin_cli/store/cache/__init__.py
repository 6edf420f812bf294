"""Cache results that can be computed again, keyed by the content they were computed from."""
