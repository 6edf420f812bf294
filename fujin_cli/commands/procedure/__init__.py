"""`fujin procedure`: list, show, and replay procedures."""
