"""Decide and compute: pure functions and frozen data, without files, terminal, clock, network or randomness."""
