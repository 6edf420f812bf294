"""`fujin case`: list, show, open, and advance cases."""
