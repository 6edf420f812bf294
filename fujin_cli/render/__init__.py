"""Data in, table or page out; prints nothing."""
