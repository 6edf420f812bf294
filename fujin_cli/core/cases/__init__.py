"""Run cases: fold events into a case, list its moves, decide operations, and compute deadlines."""
