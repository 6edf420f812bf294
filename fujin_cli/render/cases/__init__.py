"""Show cases: lists, one case in full, its history, and what fujin tick did."""
