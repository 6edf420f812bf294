"""Lay out text: widths, tables, moments, names, and source snippets."""
