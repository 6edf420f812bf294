"""Parse durations and compute moments on the working calendar."""
