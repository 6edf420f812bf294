"""Parse, lay out, print and edit YAML files, and map keys to lines and columns."""
