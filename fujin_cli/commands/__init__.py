"""The imperative shell: read, decide, write, show. One file per noun."""
