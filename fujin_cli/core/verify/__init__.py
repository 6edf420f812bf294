"""Prove guarantees and find deadlocks, cycles and unreachable moves in explored procedures."""
