"""Enumerate every abstract case that a procedure can reach (explicit-state reachability over abstract data)."""
