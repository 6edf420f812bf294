"""Check the shape of each kind of file, recover its valid parts, and export JSON Schemas."""
