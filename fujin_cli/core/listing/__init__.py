"""What lists of cases are made of: summaries, who owns a step, in which order they stand, and what a search matches."""
