"""`fujin community`, `committee`, `roster`, and `partner`."""
